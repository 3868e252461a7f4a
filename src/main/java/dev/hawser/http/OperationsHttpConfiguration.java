package dev.hawser.http;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.settings.Settings;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * The HTTP server of the operations' port, in the context that serves it. Named in a file under {@code META-INF/spring}; it has no
 * annotation, since the clients' port must not have it.
 */
class OperationsHttpConfiguration {

	@Bean("hawserOperationsJetty")
	@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
	OperationsJettyCustomizer operationsJettyCustomizer(Settings settings, MemoryBudget memory, ManagementServerProperties properties) {
		return new OperationsJettyCustomizer(settings.of(HttpConfiguration.REQUEST), settings.of(HttpConfiguration.CLIENT_ADDRESS), memory,
				properties);
	}

	@Bean("hawserOperationsErrorPath")
	@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
	FilterRegistrationBean<ErrorPathFilter> operationsErrorPath(@Value("${spring.web.error.path:${error.path:/error}}") String path) {
		return ErrorPathFilter.at(path);
	}
}
