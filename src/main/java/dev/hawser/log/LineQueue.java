package dev.hawser.log;

import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue in front of a log that does not belong to Logback. A thread that adds a line never waits. Control characters are shown as
 * text. Any thread may call.
 */
public final class LineQueue {
	private static final Logger LOG = LoggerFactory.getLogger(LineQueue.class);

	private final Lines lines;

	/** Writes one line to the log. */
	@FunctionalInterface
	public interface LineWriter {
		/** Called by the thread of the queue; may take long. */
		void write(String line) throws IOException;
	}

	/**
	 * @param name what the log is, such as {@code access log}
	 * @param log  the log
	 */
	public LineQueue(String name, LineWriter log) {
		Written written = new Written(log);
		written.setName(name);
		written.setContext(new ContextBase());
		written.start();
		lines = new Lines(written);
		lines.start();
	}

	/** Has the line written, or leaves it out when the log cannot be written. */
	public void add(String line) {
		lines.doAppend(line);
	}

	/** Waits for what is queued, two seconds at most. Returns whether all has been written; otherwise a write is still under way. */
	public boolean close() {
		lines.stop();
		return lines.isWritten();
	}

	private static final class Lines extends QueuedAppender<String> {
		Lines(Written written) {
			super(written);
		}

		@Override
		void report(long leftOut) {
			LOG.warn("{} lines of the {} are missing: it could not be written, or not fast enough", leftOut, getName());
		}
	}

	private static final class Written extends UnsynchronizedAppenderBase<String> {
		private final LineWriter log;

		Written(LineWriter log) {
			this.log = log;
		}

		@Override
		protected void append(String line) {
			try {
				log.write(ControlCharacters.escape(line));
			}
			catch (IOException e) {
				LOG.debug("A line of the {} could not be written", getName(), e);
			}
		}
	}
}
