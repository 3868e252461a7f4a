package dev.hawser.http.upgrade;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Gathers what the WebSockets of one HTTP/2 connection answer to the bytes of one read, so that it goes out in one write to the socket.
 * Jetty would make a write for each of them. The answers wait until the whole read has been parsed: then Jetty runs the tasks that it was
 * offered meanwhile. They are given to Jetty while it flushes, which takes all that is there before it writes.
 */
final class StreamWrites implements Invocable.Task, Callback {
	private static final String ATTRIBUTE = StreamWrites.class.getName();
	/** Held while those of a connection are found or made: several of its streams may begin at the same time. */
	private static final ReentrantLock MAKING = new ReentrantLock();

	private final HTTP2Connection connection;
	private final ReentrantLock lock = new ReentrantLock();
	/** Guarded by the lock. The call that adds the first one also asks Jetty to run this, which lets all of them write. */
	private List<Http2Transport> waiting = new ArrayList<>();

	private StreamWrites(HTTP2Connection connection) {
		this.connection = connection;
	}

	/** Those of the connection. */
	static StreamWrites of(ConnectionMetaData metaData) {
		MAKING.lock();
		try {
			if (metaData.getAttribute(ATTRIBUTE) instanceof StreamWrites known) {
				return known;
			}
			StreamWrites writes = new StreamWrites((HTTP2Connection) metaData.getConnection());
			metaData.setAttribute(ATTRIBUTE, writes);
			return writes;
		}
		finally {
			MAKING.unlock();
		}
	}

	/**
	 * The transport will be asked to write. No lock may be held: on a thread that is not reading the connection already, this may begin
	 * to read it.
	 */
	void add(Http2Transport transport) {
		boolean first;
		lock.lock();
		try {
			first = waiting.isEmpty();
			waiting.add(transport);
		}
		finally {
			lock.unlock();
		}
		if (first) {
			connection.offerTask(this, false);
		}
	}

	/** All bytes of the read have been parsed. */
	@Override
	@SuppressWarnings("removal") // Jetty has no other way yet to wait for its own flushing
	public void run() {
		StackReserve.require();
		connection.getSession().flush(this);
	}

	/** Jetty is flushing: it will write what it is given now when this returns. */
	@Override
	public void succeeded() {
		List<Http2Transport> all;
		lock.lock();
		try {
			all = waiting;
			waiting = new ArrayList<>(all.size());
		}
		finally {
			lock.unlock();
		}
		all.forEach(Http2Transport::writeGathered);
	}

	/** The connection is broken, which each transport notices by itself. */
	@Override
	public void failed(Throwable cause) {
		succeeded();
	}

	@Override
	public InvocationType getInvocationType() {
		return InvocationType.NON_BLOCKING;
	}
}
