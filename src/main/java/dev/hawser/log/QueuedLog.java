package dev.hawser.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.ConfigurationEvent;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Puts a queue before each appender of Logback as soon as Spring Boot has set up the log, also before the appenders of an operator's own
 * configuration. The queues are emptied when Spring Boot stops the log. That is the last step of every process, also of one whose start has
 * failed.
 */
public final class QueuedLog implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	/** Entries of all logs that were left out since the start of the process. */
	public static long leftOut() {
		return LeftOut.total();
	}

	/** After the listener that sets up the log. */
	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
			queueAll(loggers);
			loggers.addConfigurationEventListener(change -> { // Logback reads a file anew that says scan="true"
				if (change.getEventType() == ConfigurationEvent.EventType.CONFIGURATION_ENDED_SUCCESSFULLY) {
					queueAll(loggers);
				}
			});
		}
	}

	/** An appender of several loggers gets one queue. Appenders that have a queue of ours stay as they are. */
	static void queueAll(LoggerContext loggers) {
		IdentityHashMap<Appender<ILoggingEvent>, QueuedEvents> queues = new IdentityHashMap<>();
		for (Logger logger : loggers.getLoggerList()) {
			for (Appender<ILoggingEvent> appender : appenders(logger)) {
				QueuedEvents queue = queues.computeIfAbsent(appender, one -> queue(one, loggers));
				logger.addAppender(queue); // before the other is taken away: an entry may come twice, but none is lost
				logger.detachAppender(appender);
			}
		}
	}

	private static List<Appender<ILoggingEvent>> appenders(Logger logger) {
		List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
		logger.iteratorForAppenders().forEachRemaining(appenders::add);
		appenders.removeIf(QueuedEvents.class::isInstance);
		return appenders;
	}

	private static QueuedEvents queue(Appender<ILoggingEvent> appender, LoggerContext loggers) {
		QueuedEvents queue = new QueuedEvents(PrintableLog.of(appender), loggers);
		queue.start();
		return queue;
	}
}
