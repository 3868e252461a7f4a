package dev.hawser.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a connection. Each repetition of its delivery has the same content.
 *
 * @param name        the event's name: one of {@link EventNames}, or one that the client chose
 * @param number      the event's number within its connection, from 0
 * @param time        when it happened
 * @param of          the connection
 * @param state       what the backend has asked to get back with every event of the connection; null for nothing
 * @param contentType the media type of the body
 * @param body        must not be changed
 */
record Event(String name, long number, Instant time, Origin of, @Nullable String state, String contentType, byte[] body) {

	/**
	 * The connection that events come from.
	 *
	 * @param hub          the hub's name
	 * @param connectionId the connection's name in the cluster
	 * @param uniqueId     names the connection among all that this and every other process has ever had
	 * @param userId       the user; null for none
	 * @param subprotocol  the agreed subprotocol; null for none
	 */
	record Origin(String hub, String connectionId, String uniqueId, @Nullable String userId, @Nullable String subprotocol) {
	}

	/** The id by which a receiver recognizes a repetition. Has no dot, which separates the parts of what is signed. */
	String uniqueId() {
		return "msg_" + of.uniqueId() + '_' + number;
	}

	/** Without the body and the state, which must not get into a log. */
	@Override
	public String toString() {
		return "Event[" + name + ' ' + number + " of " + of.connectionId() + ']';
	}
}
