package dev.hawser.http;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Says in plain words that nothing is at a path. Spring MVC looks for a file there at last, and speaks of a static resource. */
@ControllerAdvice
final class NothingThereAdvice implements ResponseBodyAdvice<Object> {
	private static final String OF_SPRING = "No static resource";

	@Override
	public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returned, MediaType type,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request, ServerHttpResponse response) {
		if (body instanceof ProblemDetail problem && problem.getStatus() == HttpStatus.NOT_FOUND.value() && problem.getDetail() != null
				&& problem.getDetail().startsWith(OF_SPRING)) {
			problem.setDetail("There is nothing at this path.");
		}
		return body;
	}
}
