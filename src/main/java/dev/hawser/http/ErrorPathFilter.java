package dev.hawser.http;

import dev.hawser.handshake.ProblemDocument;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/**
 * Answers 404 to clients that request Spring Boot's error path themselves: there is no error to render then. Applies to requests
 * only, not to the dispatch of an error.
 */
final class ErrorPathFilter extends HttpFilter {
	private static final long serialVersionUID = 1L;

	static FilterRegistrationBean<ErrorPathFilter> at(String path) {
		FilterRegistrationBean<ErrorPathFilter> registration = new FilterRegistrationBean<>(new ErrorPathFilter());
		registration.addUrlPatterns(path);
		registration.setDispatcherTypes(DispatcherType.REQUEST);
		return registration;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException {
		ProblemDocument.of(HttpServletResponse.SC_NOT_FOUND, "Nothing is here.", null).write(response);
	}
}
