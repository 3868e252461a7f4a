package dev.hawser.operations;

import java.util.List;
import java.util.Objects;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * What stands before the operations, in the context that serves them: one of their own, or the server's when the two ports are
 * folded into one. Named in a file under {@code META-INF/spring}; it has no annotation, since imported it would always be on the
 * clients' port.
 */
class OperatorFilterConfiguration {
	/** What needs no key. */
	private static final List<String> OPEN = List.of("health", "prometheus");

	@Bean("hawserOperatorFilter")
	FilterRegistrationBean<OperatorFilter> operatorFilter(OperatorKey key, PathMappedEndpoints endpoints) {
		List<String> open = OPEN.stream().map(name -> endpoints.getPath(EndpointId.of(name))).filter(Objects::nonNull).toList();
		return new FilterRegistrationBean<>(new OperatorFilter(key, endpoints.getBasePath(), open));
	}
}
