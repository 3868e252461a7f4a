package dev.hawser.operations;

import dev.hawser.api.Operator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Demands the operators' key for controllers with {@link Operator}. */
final class OperatorInterceptor implements HandlerInterceptor {
	private final Supplier<OperatorDoor> door;

	OperatorInterceptor(Supplier<OperatorDoor> door) {
		this.door = door;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) throws IOException {
		if (!isForOperators(handler) || door.get().isOpenFor(request)) {
			return true;
		}
		door.get().refuse(response, "");
		return false;
	}

	private static boolean isForOperators(Object handler) {
		return handler instanceof HandlerMethod method
				? AnnotatedElementUtils.hasAnnotation(method.getMethod(), Operator.class)
						|| AnnotatedElementUtils.hasAnnotation(method.getBeanType(), Operator.class)
				: AnnotatedElementUtils.hasAnnotation(handler.getClass(), Operator.class);
	}
}
