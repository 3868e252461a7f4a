package dev.hawser.testing;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.LoggingSystemFactory;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.StandardEnvironment;

/**
 * The log of all servers of this JVM, set up once. Spring Boot would set it up again for each server that starts after another one
 * has stopped; a server that runs meanwhile would lose lines.
 */
public final class OneLog extends LogbackLoggingSystem {
	private static final OneLog LOG = new OneLog();

	private OneLog() {
		super(OneLog.class.getClassLoader());
		beforeInitialize();
		initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
	}

	/** A server that stops leaves the log to the others, but for the level that it may have set. */
	@Override
	public void cleanUp() {
		setLogLevel(ROOT_LOGGER_NAME, LogLevel.INFO);
	}

	/** Found by Spring Boot in {@code spring.factories}, before its own. */
	@Order(Ordered.HIGHEST_PRECEDENCE)
	public static final class Factory implements LoggingSystemFactory {
		@Override
		public LoggingSystem getLoggingSystem(ClassLoader classLoader) {
			return LOG;
		}
	}
}
