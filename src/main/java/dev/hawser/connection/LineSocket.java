package dev.hawser.connection;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One of the sockets of a line. What it reports counts as long as it is the latest one. */
final class LineSocket implements Transport.Receiver {
	final Transport transport;
	private final Line line;

	LineSocket(Line line, Transport transport) {
		this.line = line;
		this.transport = transport;
	}

	@Override
	public void open() {
		line.open();
	}

	@Override
	public boolean received(ByteBuffer in) {
		return line.handOn(this, in);
	}

	@Override
	public void written() {
		line.written(this);
	}

	@Override
	public void ended(@Nullable Throwable cause) {
		line.ended(this, cause);
	}
}
