package dev.hawser.operations.console;

import dev.hawser.api.Clients;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hubs;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.operations.CallbackTotals;
import dev.hawser.operations.Drain;
import dev.hawser.operations.OperatorKey;
import dev.hawser.push.ConnectionWatch;
import dev.hawser.push.RemotePush;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
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

	@Bean("hawserConsoleFeed")
	ConsoleFeed feed(ConsoleEvents events) {
		return new ConsoleFeed(events, CLOCK);
	}

	@Bean("hawserConsoleWatches")
	ConnectionWatch watches(ConsoleEvents events, Connections connections) {
		return new LentWatches(events, id -> connections.find(id) != null, CLOCK, System::nanoTime);
	}

	@Bean("hawserConsoleStream")
	EventStream stream(ConsoleEvents events, Connections connections, ObjectProvider<RemotePush> others) {
		return new EventStream(events, connections, others.getIfAvailable());
	}

	@Bean("hawserConsoleHistory")
	History history(ObjectProvider<MeterRegistry> meters, ObjectProvider<CallbackTotals> callbacks) {
		return new History(meters::getObject, callbacks::getObject, CLOCK);
	}

	@Bean("hawserConsoleConnections")
	ConnectionObserver.Factory connections(ConsoleEvents events, Login login) {
		return hub -> new WatchedConnections(events, hub, CLOCK, () -> login.settings().showPayloads());
	}

	@Bean("hawserConsoleHandshakes")
	HandshakeObserver.Factory handshakes(ConsoleEvents events) {
		return new HandshakeObserver.Factory() {
			@Override
			public HandshakeObserver ofHub(String hub) {
				return new WatchedConnections(events, hub, CLOCK, () -> false);
			}

			@Override
			public HandshakeObserver ofNoHub() {
				return new WatchedConnections(events, null, CLOCK, () -> false);
			}
		};
	}

	@Bean("hawserConsoleMessage")
	ConsoleMessage message(OperatorKey key, Login login) {
		return new ConsoleMessage(key, () -> login.settings().showPayloads());
	}

	@Bean("hawserConsoleSignIns")
	SignIns signIns() {
		return new SignIns();
	}

	@Bean("hawserConsoleClientUrl")
	ClientUrl clientUrl(Environment environment, ObjectProvider<ServerProperties> server, TryIt tryIt) {
		return new ClientUrl(environment, server::getObject, tryIt.prefix());
	}

	/** @param backends shown by the health endpoint as {@code webhooks}; its details are the states of the backends */
	@Bean("hawserConsoleLive")
	LiveView live(Hubs hubs, MeterRegistry meters, History history, Drain drain, ObjectProvider<KnownNodes> nodes,
			@Qualifier("webhooksHealthIndicator") ObjectProvider<HealthIndicator> backends) {
		return new LiveView(hubs, meters, history, drain, nodes.getIfAvailable(() -> List::of), backends::getIfAvailable, CLOCK);
	}

	@Bean("hawserConsoleApi")
	ConsoleApi api(LiveView live, Hubs hubs, Connections connections, Clients clients, Login login, SignIns signIns, ClientUrl clientUrl,
			TryIt tryIt) {
		return new ConsoleApi(connections::node, () -> login.settings().showPayloads(), hubs, live, new ConnectionsView(clients), signIns,
				clientUrl, tryIt);
	}
}
