package dev.hawser.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;

/** The queue in front of one appender of Logback. When places are scarce, they are kept for warnings and errors. */
final class QueuedEvents extends QueuedAppender<ILoggingEvent> {
	private final Appender<ILoggingEvent> log;
	private final LoggerContext loggers;

	QueuedEvents(Appender<ILoggingEvent> log, LoggerContext loggers) {
		super(log);
		this.log = log;
		this.loggers = loggers;
	}

	@Override
	protected boolean isDiscardable(ILoggingEvent event) {
		return !event.getLevel().isGreaterOrEqual(Level.WARN);
	}

	/** Called by the thread that logs: keeps the message as it is now, and the names of that thread and of its trace. */
	@Override
	protected void preprocess(ILoggingEvent event) {
		event.prepareForDeferredProcessing();
	}

	@Override
	void report(long leftOut) {
		log.doAppend(new LoggingEvent(QueuedEvents.class.getName(), loggers.getLogger(QueuedLog.class), Level.WARN,
				"{} entries of this log are missing here: it could not be written, or not fast enough", null, new Object[] { leftOut }));
	}
}
