package dev.hawser.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which hub a callback bean is for. A hub with callbacks of its own uses only these; any other hub uses the callbacks without
 * this annotation. The hub must be configured in {@code hawser.hubs}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
public @interface ForHub {
	/** The hub's name. */
	String value();
}
