package dev.hawser.push.rest;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * The push API on the operations' port, in the context that serves it. Named in a file under {@code META-INF/spring}. It has no
 * annotation and is not imported, since an import would always put the API on the clients' port.
 */
class OperationsApiConfiguration {

	@Bean("hawserOperationsApi")
	FilterRegistrationBean<ApiFilter> operationsApi(ApiDoor door, PushKeys keys) {
		return ApiFilter.on(() -> door, keys::any);
	}
}
