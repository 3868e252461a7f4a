package dev.hawser.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that an {@link OnOpen} or {@link OnMessage} never waits: no I/O, no locks held for long, no sleep. The callback then
 * runs on the thread that reads the sockets, which saves a thread switch per batch; while the callback runs, all connections of that
 * thread wait. It clears the thread-locals that it sets. Put on the bean's class or on its {@code @Bean} method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
public @interface NonBlocking {
}
