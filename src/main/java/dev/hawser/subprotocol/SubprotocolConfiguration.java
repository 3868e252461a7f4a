package dev.hawser.subprotocol;

import dev.hawser.api.Clients;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Subprotocol;
import dev.hawser.push.ConnectionTokens;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The subprotocols that clients may use besides raw messages. */
@Configuration(proxyBeanMethods = false)
class SubprotocolConfiguration {

	@Bean("hawserRequestMeters")
	RequestMeters requestMeters(MeterRegistry registry) {
		return new RequestMeters(registry);
	}

	@Bean("hawserJsonSubprotocol")
	Subprotocol jsonSubprotocol(Clients clients, WebSocketServer server, RequestMeters meters) {
		return new JsonSubprotocol(clients, server, meters);
	}

	@Bean("hawserReliableSection")
	static Section<ReliableSettings> reliableSection() {
		return Continuities.SECTION;
	}

	@Bean("hawserContinuities")
	Continuities continuities(Settings settings) {
		return new Continuities(settings);
	}

	/** Without several nodes, connections are where they were. */
	@Bean("hawserReliableSubprotocol")
	Subprotocol reliableSubprotocol(Clients clients, WebSocketServer server, RequestMeters meters, ConnectionTokens tokens,
			ObjectProvider<Recovery> recovery, Continuities continuities) {
		return new JsonReliableSubprotocol(clients, server, meters, new Reconnection(tokens, recovery.getIfAvailable()),
				continuities::of);
	}

	@Bean("hawserRawGroupSender")
	Subprotocol rawGroupSender(Clients clients) {
		return new RawGroupSender(clients);
	}
}
