package dev.hawser.subprotocol;

import dev.hawser.api.Clients;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Subprotocol;
import io.micrometer.core.instrument.MeterRegistry;
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

	@Bean("hawserRawGroupSender")
	Subprotocol rawGroupSender(Clients clients) {
		return new RawGroupSender(clients);
	}
}
