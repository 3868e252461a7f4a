package dev.hawser.operations;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Puts the operator filter in front of the operations, in the context that serves them: a context of their own, or the server's
 * when both use one port. Named in a file under {@code META-INF/spring}. It has no annotation and is not imported, since an import
 * would always put the filter on the clients' port.
 */
class OperatorFilterConfiguration {
	/** Endpoints that need no key. */
	private static final List<String> OPEN = List.of("health", "prometheus");
	/** A browser signs in there. */
	private static final String CONSOLE = "/console";

	@Bean("hawserOperatorFilter")
	FilterRegistrationBean<OperatorFilter> operatorFilter(OperatorKey key, PathMappedEndpoints endpoints) {
		List<String> open = Stream.concat(OPEN.stream().map(name -> endpoints.getPath(EndpointId.of(name))).filter(Objects::nonNull),
				Stream.of(CONSOLE)).toList();
		return new FilterRegistrationBean<>(new OperatorFilter(new OperatorDoor(key), endpoints.getBasePath(), open));
	}
}
