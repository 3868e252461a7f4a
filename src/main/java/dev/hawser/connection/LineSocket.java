package dev.hawser.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One of the sockets of a line. What it reports counts as long as it is the latest one. */
final class LineSocket implements Transport.Receiver {
	final Transport transport;
	private final Line line;
	private volatile boolean dismissed;
	/** The close frame that goes out behind what is being written; null for none. Guarded by the line's lock. */
	private @Nullable ByteBuffer last;
	/** Whether the connection no longer uses this socket, which ends in good order. Written under the lock. */
	private volatile boolean parted;

	LineSocket(Line line, Transport transport) {
		this.line = line;
		this.transport = transport;
	}

	@Override
	public void open() {
		line.owner().open();
	}

	@Override
	public boolean received(ByteBuffer in) {
		return line.handOn(this, in);
	}

	/** The connection has another socket: says good bye on this one. */
	void dismiss(LineOwner owner) {
		dismissed = true;
		owner.dismiss(transport);
	}

	@Override
	public void written() {
		if (dismissed) {
			transport.shutdownOutput();
		}
		else {
			line.written(this);
		}
	}

	@Override
	public void ended(@Nullable Throwable cause) {
		line.ended(this, cause);
		transport.close(); // one that the connection has left has nothing else that closes it soon
	}

	/**
	 * The connection stays open and no longer uses this socket, which ends in good order.
	 *
	 * @param writing whether bytes are still being written
	 */
	void part(ByteBuffer closeFrame, boolean writing) {
		parted = true;
		last = closeFrame;
		if (!writing) {
			writeLast();
		}
	}

	/** What was being written has been written, when the connection no longer uses this socket. */
	void writtenAlone() {
		if (last != null) {
			writeLast();
		}
		else if (parted) {
			transport.shutdownOutput();
		}
	}

	private void writeLast() {
		ByteBuffer frame = last;
		last = null;
		try {
			if (frame == null || transport.flush(frame)) {
				transport.shutdownOutput();
			}
			else {
				transport.write(frame);
			}
		}
		catch (IOException e) {
			transport.close();
		}
	}
}
