package dev.hawser.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a Spring MVC controller, or on one of its methods: only a caller with a token may call it that would let a client into a hub, in
 * {@code Authorization: Bearer <token>}; no cookie or query counts, so that a page of another site cannot call it. Others get 401, or
 * 503 while the token cannot be checked, before the controller or a body is looked at. A token is needed also where
 * {@code hawser.handshake.token.required} is false. The method may ask for the name of the user:
 *
 * <pre>
 *  &#64;ClientToken
 *  &#64;PostMapping("/orders")
 *  Order order(@RequestAttribute(ClientToken.USER) String user) { ... }
 * </pre>
 *
 * Of two annotations, on a method and on its class, that of the method counts.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
public @interface ClientToken {
	/** The request attribute with the subject of the token; it is not there when the token has none. */
	String USER = "dev.hawser.user";

	/** The hub whose rules for tokens hold. */
	String hub() default "default";
}
