package dev.hawser.webhook;

import dev.hawser.api.Frame;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

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
 * @param metadata    small texts that go beside an event of the client; null for an event that this server makes, whatever its name
 */
record Event(String name, long number, Instant time, Origin of, @Nullable String state, String contentType, byte[] body,
		@Nullable Map<String, String> metadata) {

	/** An event of this server. */
	Event(String name, long number, Instant time, Origin of, @Nullable String state, String contentType, byte[] body) {
		this(name, number, time, of, state, contentType, body, null);
	}

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

	/** The CloudEvents type: it says whether the server or the client has made the event. */
	String type() {
		return metadata != null ? EventNames.OF_CLIENT + name : isOfGroup() ? EventNames.OF_ANY + name : EventNames.OF_SERVER + name;
	}

	/** The name as headers have it: the type says already that an event is one of a group. */
	String plainName() {
		return isOfGroup() ? name.substring(name.indexOf('.') + 1) : name;
	}

	private boolean isOfGroup() {
		return metadata == null && (name.equals(EventNames.JOINED) || name.equals(EventNames.LEFT));
	}

	/**
	 * What an event tells, before it is one of a connection.
	 *
	 * @param metadata as of {@link Event}
	 */
	record Content(String name, String contentType, byte[] body, @Nullable Map<String, String> metadata) {
		private static final String JSON = "application/json";

		/** An event of this server. */
		static Content json(String name, byte[] body) {
			return new Content(name, JSON, body, null);
		}

		/** An event of a group of this server. */
		static Content ofGroup(String name, String group) {
			return json(name, JsonMapper.shared().writeValueAsBytes(Map.of("group", group)));
		}

		/** An event of a client. */
		static Content of(Frame message) {
			return new Content(message.event(), switch (message.dataType()) {
				case TEXT -> "text/plain";
				case JSON -> JSON;
				case BINARY -> "application/octet-stream";
			}, message.data(), message.metadata());
		}
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
