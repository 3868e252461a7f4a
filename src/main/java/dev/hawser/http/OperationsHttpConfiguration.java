package dev.hawser.http;

import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Bean;

/**
 * The HTTP server of the operations' port, in the context that serves it. Named in a file under {@code META-INF/spring}; it has no
 * annotation, since the clients' port must not have it.
 */
class OperationsHttpConfiguration {

	@Bean("hawserOperationsJetty")
	@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
	OperationsJettyCustomizer operationsJettyCustomizer() {
		return new OperationsJettyCustomizer();
	}
}
