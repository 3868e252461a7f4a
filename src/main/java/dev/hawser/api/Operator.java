package dev.hawser.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a Spring MVC controller, or on one of its methods: only a caller with the operators' key ({@code hawser.operations.key}) may call
 * it, with {@code Authorization: Bearer <key>}. Others get 401, or 403 when no key is configured, before the controller or a body is
 * looked at. Without an annotation a controller is public.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
public @interface Operator {
}
