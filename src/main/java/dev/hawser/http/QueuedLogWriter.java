package dev.hawser.http;

import dev.hawser.log.LineQueue;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/** Writes the lines of an access log by a thread of its own. Jetty's own writer with a queue waits for ever when a stuck log is stopped. */
final class QueuedLogWriter extends ContainerLifeCycle implements RequestLog.Writer {
	private final RequestLog.Writer log;
	private @Nullable LineQueue queue;

	/** @param log starts and stops with this one */
	QueuedLogWriter(RequestLog.Writer log) {
		this.log = log;
		addBean(log);
	}

	@Override
	protected void doStart() throws Exception {
		super.doStart();
		queue = new LineQueue("access log", log::write);
	}

	@Override
	public void write(String line) {
		LineQueue lines = queue;
		if (lines != null) {
			lines.add(line);
		}
	}

	@Override
	protected void doStop() throws Exception {
		LineQueue lines = queue;
		if (lines != null && !lines.close()) {
			unmanage(log); // stopping it would wait for the write that is stuck
		}
		super.doStop();
	}
}
