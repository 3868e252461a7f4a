package dev.hawser.operations;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Protects the paths of the operations: the open ones can be read without a key, all others need the operator's key. Paths are matched
 * as Spring MVC matches them, so that the filter and the endpoints always agree on a path.
 */
final class OperatorFilter extends HttpFilter {
	private static final long serialVersionUID = 1L;

	/** The role of a request with the operator's key. */
	public static final String ROLE = "operator";

	private final transient OperatorDoor door;
	private final transient PathPattern guarded;
	private final transient List<PathPattern> open;

	/**
	 * @param basePath path below which this filter decides, such as {@code /actuator}; empty for all paths
	 * @param open     paths that need no key, including all paths below them
	 */
	OperatorFilter(OperatorDoor door, String basePath, List<String> open) {
		this.door = door;
		this.guarded = below(basePath);
		this.open = open.stream().map(OperatorFilter::below).toList();
	}

	private static PathPattern below(String path) {
		return PathPatternParser.defaultInstance.parse(path + "/**");
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		PathContainer path = ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
		if (!guarded.matches(path)) {
			chain.doFilter(request, response);
		}
		else if (door.isOpenFor(request)) {
			chain.doFilter(new OfOperator(request), response);
		}
		else if (open.stream().anyMatch(pattern -> pattern.matches(path))) {
			chain.doFilter(request, response);
		}
		else {
			door.refuse(response, "; without it only health and metrics answer");
		}
	}

	/** A request of an operator; Actuator asks for the role to decide whether details may be shown. */
	private static final class OfOperator extends HttpServletRequestWrapper {
		OfOperator(HttpServletRequest request) {
			super(request);
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> ROLE;
		}

		@Override
		public boolean isUserInRole(String role) {
			return ROLE.equals(role);
		}
	}
}
