package dev.hawser.operations;

import dev.hawser.api.Clients;
import dev.hawser.connection.Connections;
import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** The endpoints and the health of this node for operators. */
@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {
	static final Section<OperationsSettings> SECTION = Section.ofServer("operations", OperationsSettings.class);
	private static final Section<DrainSettings> DRAIN = Section.ofServer("drain", DrainSettings.class);

	@Bean("hawserOperationsSection")
	static Section<OperationsSettings> section() {
		return SECTION;
	}

	@Bean("hawserDrainSection")
	static Section<DrainSettings> drainSection() {
		return DRAIN;
	}

	@Bean("hawserOperatorKey")
	OperatorKey operatorKey(Settings settings, ObjectProvider<OperatorKey.Generated> generated) {
		return new OperatorKey(SECTION, settings, generated.getIfAvailable(() -> new OperatorKey.Generated(null)));
	}

	/** Found by Spring MVC through its type. */
	@Bean("hawserControllersForOperators")
	MappedInterceptor controllersForOperators(ObjectProvider<OperatorKey> key) {
		return new MappedInterceptor(null, new OperatorInterceptor(SingletonSupplier.of(() -> new OperatorDoor(key.getObject()))));
	}

	@Bean("hawserOperationsMessage")
	OperationsMessage operationsMessage(OperatorKey key) {
		return new OperationsMessage(!key.isMissing());
	}

	@Bean("hawserDrain")
	Drain drain(Connections connections, ApplicationContext context, Settings settings) {
		return new Drain(connections, context, settings.of(DRAIN));
	}

	@Bean("hawserGracefulStop")
	GracefulStop gracefulStop(Drain drain) {
		return new GracefulStop(drain);
	}

	@Bean("hawserDrainEndpoint")
	DrainEndpoint drainEndpoint(Drain drain) {
		return new DrainEndpoint(drain);
	}

	/** The health endpoint shows this as {@code drain}: the bean's name without its suffix. */
	@Bean
	DrainHealth drainHealthIndicator(Drain drain) {
		return new DrainHealth(drain);
	}

	@Bean("hawserStandStillWatch")
	StandStillWatch standStillWatch(EngineThreads engine, Settings settings) {
		return new StandStillWatch(engine, SECTION, settings).start();
	}

	/** The health endpoint shows this as {@code engine}: the bean's name without its suffix. */
	@Bean
	EngineHealth engineHealthIndicator(StandStillWatch watch) {
		return new EngineHealth(watch);
	}

	@Bean("hawserRevokeEndpoint")
	RevokeEndpoint revokeEndpoint(Clients clients) {
		return new RevokeEndpoint(clients);
	}

	@Bean("hawserReloadEndpoint")
	ReloadEndpoint reloadEndpoint(Reload reload) {
		return new ReloadEndpoint(reload);
	}
}
