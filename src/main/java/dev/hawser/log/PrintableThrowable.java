package dev.hawser.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An exception whose message, and those of its causes, have no control characters. */
record PrintableThrowable(IThrowableProxy failure) implements IThrowableProxy {

	static @Nullable IThrowableProxy of(@Nullable IThrowableProxy failure) {
		return failure == null ? null : new PrintableThrowable(failure);
	}

	private static @Nullable String printable(@Nullable String message) {
		return message == null ? null : ControlCharacters.escape(message);
	}

	@Override
	public @Nullable String getMessage() {
		return printable(failure.getMessage());
	}

	@Override
	public @Nullable String getOverridingMessage() {
		return printable(failure.getOverridingMessage());
	}

	@Override
	public String getClassName() {
		return failure.getClassName();
	}

	@Override
	public StackTraceElementProxy[] getStackTraceElementProxyArray() {
		return failure.getStackTraceElementProxyArray();
	}

	@Override
	public int getCommonFrames() {
		return failure.getCommonFrames();
	}

	@Override
	public @Nullable IThrowableProxy getCause() {
		return of(failure.getCause());
	}

	@Override
	public IThrowableProxy @Nullable [] getSuppressed() {
		IThrowableProxy[] suppressed = failure.getSuppressed();
		return suppressed == null ? null : Arrays.stream(suppressed).map(PrintableThrowable::new).toArray(IThrowableProxy[]::new);
	}

	@Override
	public boolean isCyclic() {
		return failure.isCyclic();
	}
}
