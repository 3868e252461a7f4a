package dev.hawser.connection;

import dev.hawser.connection.execution.CallbackThreads;
import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.Map;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** All connections of this node, and the hubs that they belong to. */
@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {
	private static final Section<ConnectionSettings> SECTION = Section.ofServerAndHubs("connection", ConnectionSettings.class);
	private static final Section<NodeSettings> NODE = Section.ofServer("", NodeSettings.class);
	private static final Section<MemorySettings> MEMORY = Section.ofServer("memory", MemorySettings.class);

	@Bean("hawserConnectionSection")
	static Section<ConnectionSettings> section() {
		return SECTION;
	}

	@Bean("hawserNodeSection")
	static Section<NodeSettings> nodeSection() {
		return NODE;
	}

	@Bean("hawserEngineThreads")
	EngineThreads engineThreads() {
		return new EngineThreads();
	}

	@Bean("hawserMemorySection")
	static Section<MemorySettings> memorySection() {
		return MEMORY;
	}

	@Bean("hawserMemory")
	MemoryBudget memory(Settings settings) {
		return new MemoryBudget(settings.of(MEMORY).bytes(Runtime.getRuntime().maxMemory())).start();
	}

	@Bean("hawserConnections")
	Connections connections(Settings settings, EngineThreads engine) {
		Connections connections = new Connections(settings.of(NODE).name(), new CallbackThreads());
		TimerWheel wheel = connections.timers();
		Map<String, Executor> turning = Map.of("the timer wheel", task -> wheel.after(0, task));
		engine.add(() -> wheel.isTurning() ? turning : Map.of());
		return connections;
	}

	@Bean("hawserHubs")
	Hubs hubs(Settings settings, ObjectProvider<ConnectionObserver.Factory> observers, ObjectProvider<Subprotocol> subprotocols,
			MemoryBudget memory) {
		return new Hubs(SECTION, settings, observers.orderedStream().toList(), subprotocols.orderedStream().toList(), memory);
	}
}
