package dev.hawser.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;

/** A log for people: entries go to it with their control characters made visible. */
final class PrintableLog extends UnsynchronizedAppenderBase<ILoggingEvent> {
	private final Appender<ILoggingEvent> log;

	private PrintableLog(Appender<ILoggingEvent> log) {
		this.log = log;
		setName(log.getName());
		setContext(log.getContext());
		start();
	}

	/** Puts a {@link PrintableLog} before an appender that writes text. Other formats, such as JSON, have escapes of their own. */
	static Appender<ILoggingEvent> of(Appender<ILoggingEvent> log) {
		boolean isText = log instanceof OutputStreamAppender<ILoggingEvent> stream
				&& stream.getEncoder() instanceof LayoutWrappingEncoder<?>;
		return isText ? new PrintableLog(log) : log;
	}

	@Override
	protected void append(ILoggingEvent event) {
		log.doAppend(PrintableEvent.of(event));
	}

	@Override
	public void stop() {
		super.stop();
		log.stop();
	}
}
