package dev.hawser.operations.console;

import dev.hawser.api.Clients;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hubs;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.operations.CallbackTotals;
import dev.hawser.operations.Drain;
import dev.hawser.operations.OperatorKey;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What the operators' page is made of, apart from its place on the operations' port. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {
	private static final Section<ConsoleSettings> SECTION = Section.ofServer("console", ConsoleSettings.class);
	private static final InstantSource CLOCK = InstantSource.system();

	@Bean("hawserConsoleSection")
	static Section<ConsoleSettings> section() {
		return SECTION;
	}

	@Bean("hawserConsoleLogin")
	Login login(OperatorKey operators, Settings settings) {
		return new Login(operators, SECTION, settings, CLOCK);
	}

	@Bean("hawserConsoleEvents")
	ConsoleEvents events() {
		return new ConsoleEvents();
	}

	@Bean("hawserConsoleHistory")
	History history(ObjectProvider<MeterRegistry> meters, ObjectProvider<CallbackTotals> callbacks) {
		return new History(meters::getObject, callbacks::getObject, CLOCK);
	}

	@Bean("hawserConsoleConnections")
	ConnectionObserver.Factory connections(ConsoleEvents events) {
		return hub -> new WatchedConnections(events, hub, CLOCK);
	}

	@Bean("hawserConsoleHandshakes")
	HandshakeObserver.Factory handshakes(ConsoleEvents events) {
		return new HandshakeObserver.Factory() {
			@Override
			public HandshakeObserver ofHub(String hub) {
				return new WatchedConnections(events, hub, CLOCK);
			}

			@Override
			public HandshakeObserver ofNoHub() {
				return new WatchedConnections(events, null, CLOCK);
			}
		};
	}

	@Bean("hawserConsoleMessage")
	ConsoleMessage message(OperatorKey key) {
		return new ConsoleMessage(key);
	}

	@Bean("hawserConsoleSignIns")
	SignIns signIns() {
		return new SignIns();
	}

	@Bean("hawserConsoleClientUrl")
	ClientUrl clientUrl(Environment environment) {
		return new ClientUrl(environment);
	}

	@Bean("hawserConsoleLive")
	LiveView live(Hubs hubs, MeterRegistry meters, History history, Drain drain, ObjectProvider<KnownNodes> nodes) {
		return new LiveView(hubs, meters, history, drain, nodes.getIfAvailable(() -> List::of), CLOCK);
	}

	@Bean("hawserConsoleApi")
	ConsoleApi api(LiveView live, Hubs hubs, Connections connections, Clients clients, SignIns signIns, ClientUrl clientUrl,
			Environment environment, ObjectProvider<TryToken> tokens) {
		return new ConsoleApi(connections.node(), hubs, live, new ConnectionsView(clients), signIns, clientUrl, environment,
				tokens.getIfAvailable(() -> (_, _) -> null));
	}
}
