package dev.hawser.connection;

import dev.hawser.connection.execution.CallbackThreads;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** All connections of this node, and the hubs that they belong to. */
@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {
	private static final Section<ConnectionSettings> SECTION = Section.ofServerAndHubs("connection", ConnectionSettings.class);
	private static final Section<NodeSettings> NODE = Section.ofServer("", NodeSettings.class);

	@Bean("hawserConnectionSection")
	static Section<ConnectionSettings> section() {
		return SECTION;
	}

	@Bean("hawserNodeSection")
	static Section<NodeSettings> nodeSection() {
		return NODE;
	}

	@Bean("hawserConnections")
	Connections connections(Settings settings) {
		return new Connections(settings.of(NODE).name(), new CallbackThreads());
	}

	@Bean("hawserHubs")
	Hubs hubs(Settings settings, ObjectProvider<ConnectionObserver.Factory> observers, ObjectProvider<Subprotocol> subprotocols) {
		return new Hubs(SECTION, settings, observers.orderedStream().toList(), subprotocols.orderedStream().toList());
	}
}
