package dev.hawser.subprotocol;

import dev.hawser.connection.WebSocketConnection;

/** What is remembered of a client with a JSON subprotocol. Made for its first request with an {@code ackId}. Safe for any thread. */
class JsonClient {
	private final AckIds ackIds = new AckIds();

	static JsonClient of(WebSocketConnection connection) {
		if (connection.kept() instanceof JsonClient known) {
			return known;
		}
		JsonClient client = new JsonClient();
		connection.keep(client);
		return client;
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
