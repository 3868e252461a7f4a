package dev.hawser.push.rest;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;

/** Sends the requests of the push API to its door. While this port has no push API, they go where all unknown paths go. */
final class ApiFilter extends HttpFilter {
	private static final long serialVersionUID = 1L;

	private final transient Supplier<ApiDoor> door;
	private final transient BooleanSupplier isHere;

	private ApiFilter(Supplier<ApiDoor> door, BooleanSupplier isHere) {
		this.door = door;
		this.isHere = isHere;
	}

	/**
	 * The filter on a port, before that of the operations, which would ask for the operators' key.
	 *
	 * @param isHere whether the port has a push API now
	 */
	static FilterRegistrationBean<ApiFilter> on(Supplier<ApiDoor> door, BooleanSupplier isHere) {
		FilterRegistrationBean<ApiFilter> registration = new FilterRegistrationBean<>(new ApiFilter(door, isHere));
		registration.addUrlPatterns("/api/*");
		registration.setDispatcherTypes(DispatcherType.REQUEST);
		registration.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
		return registration;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		String path = request.getRequestURI().substring(request.getContextPath().length());
		boolean ofApi = ApiPath.isOfApi(path);
		if (ofApi && isHere.getAsBoolean()) {
			door.get().answer(path, request, response);
		}
		else if (ofApi && ApiPath.hasEncodedDelimiter(path)) {
			response.sendError(400); // as on every other path: only the push API is sure to read it as one segment
		}
		else {
			chain.doFilter(request, response);
		}
	}
}
