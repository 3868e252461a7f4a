package dev.hawser.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is known of one connection, as a store keeps it.
 *
 * @param of       the connection
 * @param state    what the backend has asked to get back; null for nothing
 * @param reserved no event of the connection has this number or a higher one
 * @param due      events that are to be delivered, in order
 */
record Entry(Event.Origin of, @Nullable String state, long reserved, List<Event> due) {
	private static final JsonMapper JSON = JsonMapper.shared();

	Entry {
		due = List.copyOf(due);
	}

	byte[] json() {
		return JSON.writeValueAsBytes(this);
	}

	/** The entry in these bytes; null when there is none. */
	static @Nullable Entry of(byte[] json) {
		try {
			return JSON.readValue(json, Entry.class);
		}
		catch (JacksonException | NullPointerException e) {
			return null;
		}
	}
}
