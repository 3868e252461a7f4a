package dev.hawser.application;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.hawser.connection.execution.EngineThreads;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Keeps secrets out of the log. At levels below INFO, Jetty logs all bytes that it reads and writes, and Spring MVC logs requests
 * and the arguments of controllers: tokens, cookies, messages. This filter suppresses those logs, whatever level is configured. It also
 * sees every error that is logged, and so those which Jetty has caught, and ends the process if it cannot survive one. All this is one
 * filter, and entries are counted there too, see {@link LogCounts}.
 */
final class SecretFreeLogging implements ApplicationListener<ApplicationPreparedEvent> {
	private static final List<String> INDISCREET = List.of("org.eclipse.jetty.", "org.springframework.web.",
			"org.springframework.boot.servlet.filter.");
	private static final String NAME = "hawser-discreet";

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			addOnce(context);
		}
	}

	/** The log belongs to the JVM, in which several applications may start at the same time. */
	private static synchronized void addOnce(LoggerContext context) {
		if (context.getTurboFilterList().stream().noneMatch(filter -> NAME.equals(filter.getName()))) {
			TurboFilter filter = new Threshold();
			filter.setName(NAME);
			filter.start();
			context.addTurboFilter(filter);
		}
	}

	/**
	 * Called for every check of a log level, several times for each read. The level is compared first: when it is off anyway, no
	 * logger name is looked at.
	 */
	private static final class Threshold extends TurboFilter {
		@Override
		public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
				Object @Nullable [] parameters, @Nullable Throwable failure) {
			endProcessIfFatal(parameters, failure);
			if (!level.isGreaterOrEqual(logger.getEffectiveLevel())) {
				return FilterReply.NEUTRAL;
			}
			if (!level.isGreaterOrEqual(Level.INFO) && INDISCREET.stream().anyMatch(logger.getName()::startsWith)) {
				return FilterReply.DENY;
			}
			if (format != null) { // an entry, and no question whether there would be one
				LogCounts.add(level);
			}
			return FilterReply.NEUTRAL;
		}

		/** Jetty catches every error of the threads that it runs, and logs it. Here, before anything needs memory, it is seen. */
		private static void endProcessIfFatal(Object @Nullable [] parameters, @Nullable Throwable failure) {
			if (failure != null) {
				EngineThreads.endProcessIfFatal(failure);
			}
			else if (parameters != null && parameters.length > 0 && parameters[parameters.length - 1] instanceof Throwable last) {
				EngineThreads.endProcessIfFatal(last);
			}
		}
	}
}
