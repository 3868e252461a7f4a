package dev.hawser.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which hub a callback bean is for. A hub for which no callback is declared is served by those without this
 * annotation; a hub with callbacks of its own is served by them alone. The hub must stand in {@code hawser.hubs}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
public @interface ForHub {
	/** The hub's name. */
	String value();
}
