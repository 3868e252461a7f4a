package dev.hawser.application;

import dev.hawser.http.OperationsJettyCustomizer;
import dev.hawser.operations.OperatorFilter;
import dev.hawser.operations.OperatorKey;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Wires what stands before the operations, in the context that serves them: one of their own, or the server's when the two
 * ports are folded into one. Named in a file under {@code META-INF/spring}; it has no annotation, since the component scan
 * would find it then and always put it on the clients' port.
 */
class OperationsConfiguration {
	/** What needs no key. */
	private static final List<String> OPEN = List.of("health", "prometheus");

	@Bean
	FilterRegistrationBean<OperatorFilter> operatorFilter(OperatorKey key, PathMappedEndpoints endpoints) {
		List<String> open = OPEN.stream().map(name -> endpoints.getPath(EndpointId.of(name))).filter(Objects::nonNull).toList();
		return new FilterRegistrationBean<>(new OperatorFilter(key, endpoints.getBasePath(), open));
	}

	@Bean
	@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
	OperationsJettyCustomizer operationsJettyCustomizer() {
		return new OperationsJettyCustomizer();
	}
}
