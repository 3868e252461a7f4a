package dev.hawser.connection;

import dev.hawser.api.Frame;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Checks JSON that an application sends: within an envelope of JSON, anything else would make the envelope unreadable. */
final class JsonText {
	private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(
			StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build()).build();

	private JsonText() {
	}

	/** @throws IllegalArgumentException when the payload is not exactly one value of JSON */
	static void require(Frame message) {
		// as text: from bytes, Jackson would guess UTF-16 and UTF-32, too
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), message.text())) {
			JsonToken first = parser.nextToken();
			parser.skipChildren();
			if (first == null || parser.nextToken() != null) {
				throw new IllegalArgumentException("A JSON message must have one value, not " + (first == null ? "none." : "several."));
			}
		}
		catch (JacksonException e) { // its message may quote the payload
			TokenStreamLocation at = e.getLocation(); // not known where it is nested too deep
			throw new IllegalArgumentException(at == null ? "This is no JSON (RFC 8259), or is nested too deep: push it as text."
					: "This is no JSON (RFC 8259) at character " + (at.getCharOffset() + 1) + ": push it as text.");
		}
	}
}
