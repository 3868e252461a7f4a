package dev.hawser.webhook;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;

/**
 * The connections of HTTP/1.1 to one backend, each with one call at a time. Those that are not needed any more can be closed: without
 * that, a backend would keep as many open files as it has ever had calls at the same time. The idle timeout of the HTTP client is not
 * used for it, since it would stop and start a timer for each call.
 */
final class Http1Pool extends DuplexConnectionPool {
	/** The number of calls that had been made on each connection when {@link #closeIdle} last looked; negative before that. */
	private final Map<Connection, Long> calls = new ConcurrentHashMap<>();

	Http1Pool(Destination destination, int most) {
		super(destination, most);
	}

	@Override
	protected void onCreated(Connection connection) {
		calls.put(connection, -1L);
	}

	@Override
	protected void onRemoved(Connection connection) {
		calls.remove(connection);
	}

	/** Closes the connections on which no call has been made since this was last done, and none is under way. One thread at a time. */
	void closeIdle() {
		calls.forEach((connection, before) -> {
			Long now = ((org.eclipse.jetty.io.Connection) connection).getMessagesOut();
			if (isActive(connection) || !now.equals(before)) {
				calls.replace(connection, before, now);
			}
			else if (remove(connection)) { // otherwise a call has just got it, and it is closed after that
				connection.close();
			}
		});
	}
}
