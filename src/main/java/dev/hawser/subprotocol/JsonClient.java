package dev.hawser.subprotocol;

import dev.hawser.connection.WebSocketConnection;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.HashSet;
import java.util.Set;

/** What is remembered of a client with a JSON subprotocol. Made for its first request with an {@code ackId}. Safe for any thread. */
class JsonClient {
	private final AckIds ackIds = new AckIds();
	/** The ids of requests whose outcome comes later. */
	private Set<Long> underWay = Set.of();

	static JsonClient of(WebSocketConnection connection) {
		if (connection.kept() instanceof JsonClient known) {
			return known;
		}
		JsonClient client = new JsonClient();
		connection.keep(client);
		return client;
	}

	/** The request with this {@code ackId} has begun, and its outcome comes later. */
	synchronized void begun(long ackId) {
		if (underWay.isEmpty()) {
			underWay = new HashSet<>();
		}
		underWay.add(ackId);
	}

	/** The outcome of this request is there. */
	synchronized void ended(long ackId) {
		underWay.remove(ackId);
		if (underWay.isEmpty()) {
			underWay = Set.of();
		}
	}

	/** Whether the outcome of a request with this {@code ackId} is still to come. */
	synchronized boolean isUnderWay(long ackId) {
		return underWay.contains(ackId);
	}

	/** Whether all outcomes are there. */
	synchronized boolean isSettled() {
		return underWay.isEmpty();
	}

	/** The ids of requests that were carried out, for another node. */
	synchronized byte[] state() {
		long[] ids = ackIds.all();
		ByteBuffer state = ByteBuffer.allocate(ids.length * Long.BYTES);
		state.asLongBuffer().put(ids);
		return state.array();
	}

	/** Takes over what {@link #state} has returned on another node. */
	synchronized void restore(byte[] state) {
		LongBuffer ids = ByteBuffer.wrap(state).asLongBuffer();
		while (ids.hasRemaining()) {
			ackIds.add(ids.get());
		}
	}

	/** Whether a request with this {@code ackId} has been carried out. */
	synchronized boolean isDone(long ackId) {
		return ackIds.contains(ackId);
	}

	/** The request with this {@code ackId} has been carried out. */
	synchronized void done(long ackId) {
		ackIds.add(ackId);
	}
}
