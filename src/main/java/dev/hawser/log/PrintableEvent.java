package dev.hawser.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/** An entry of the log with a message, and exceptions, that have no control characters. */
record PrintableEvent(ILoggingEvent event, String getFormattedMessage) implements ILoggingEvent {
	/** Reports of Spring Boot about its own start, in lines that it has made. */
	private static final Set<String> REPORTS = Set.of("org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter",
			"org.springframework.boot.autoconfigure.logging.ConditionEvaluationReportLogger");
	private static final String LINES = "\n\t";

	/** The entry itself, if nothing in it needs a change. */
	static ILoggingEvent of(ILoggingEvent event) {
		String message = event.getFormattedMessage();
		if (message == null) {
			return event.getThrowableProxy() == null ? event : new PrintableEvent(event, "null");
		}
		String printable = ControlCharacters.escape(message, REPORTS.contains(event.getLoggerName()) ? LINES : "");
		return printable.equals(message) && event.getThrowableProxy() == null ? event : new PrintableEvent(event, printable);
	}

	@Override
	public String getMessage() {
		return getFormattedMessage;
	}

	/** None: the message is complete. */
	@Override
	public Object @Nullable [] getArgumentArray() {
		return null;
	}

	@Override
	public @Nullable IThrowableProxy getThrowableProxy() {
		return PrintableThrowable.of(event.getThrowableProxy());
	}

	@Override
	public String getThreadName() {
		return event.getThreadName();
	}

	@Override
	public Level getLevel() {
		return event.getLevel();
	}

	@Override
	public String getLoggerName() {
		return event.getLoggerName();
	}

	@Override
	public LoggerContextVO getLoggerContextVO() {
		return event.getLoggerContextVO();
	}

	@Override
	public StackTraceElement[] getCallerData() {
		return event.getCallerData();
	}

	@Override
	public boolean hasCallerData() {
		return event.hasCallerData();
	}

	@Override
	public List<Marker> getMarkerList() {
		return event.getMarkerList();
	}

	@Override
	public Map<String, String> getMDCPropertyMap() {
		return event.getMDCPropertyMap();
	}

	@Override
	@Deprecated
	public Map<String, String> getMdc() {
		return event.getMDCPropertyMap();
	}

	@Override
	public long getTimeStamp() {
		return event.getTimeStamp();
	}

	@Override
	public int getNanoseconds() {
		return event.getNanoseconds();
	}

	@Override
	public long getSequenceNumber() {
		return event.getSequenceNumber();
	}

	@Override
	public List<KeyValuePair> getKeyValuePairs() {
		return event.getKeyValuePairs();
	}

	@Override
	public void prepareForDeferredProcessing() {
		event.prepareForDeferredProcessing();
	}
}
