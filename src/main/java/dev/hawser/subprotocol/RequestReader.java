package dev.hawser.subprotocol;

import dev.hawser.api.Names;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads requests in JSON, in one pass. The JSON under {@code data} is checked and kept as the client has written it. Names that a
 * request does not have are ignored, as the contract says; a name twice is an error, since two readers might take different values.
 */
final class RequestReader {
	/** As deep as the official service reads. */
	private static final int DEEPEST = 64;
	private static final int LONGEST_NUMBER = 1000;
	private static final int LONGEST_NAME = 10_000;
	/** Names are not collected in a table that all clients share: strangers choose them. */
	private static final JsonFactory JSON = JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
			.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).maxNumberLength(LONGEST_NUMBER)
					.maxNameLength(LONGEST_NAME).maxStringLength(Integer.MAX_VALUE).build())
			.build();

	private final String message;
	private final JsonParser parser;
	private final RequestFields fields;

	private RequestReader(String message, JsonParser parser) {
		this.message = message;
		this.parser = parser;
		this.fields = new RequestFields();
	}

	/** @throws Wrong.Message for anything that is no request */
	static Request read(String message) throws Wrong.Message {
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), message)) {
			return new RequestReader(message, parser).request();
		}
		catch (JacksonException e) {
			throw new Wrong.Message(Wrong.JSON);
		}
	}

	private Request request() throws Wrong.Message {
		if (parser.nextToken() != JsonToken.START_OBJECT) {
			throw new Wrong.Message(Wrong.JSON);
		}
		while (parser.nextToken() != JsonToken.END_OBJECT) {
			String name = parser.currentName();
			property(name, parser.nextToken());
		}
		if (parser.nextToken() != null) {
			throw new Wrong.Message(Wrong.JSON);
		}
		return fields.request();
	}

	private void property(String name, JsonToken token) throws Wrong.Message {
		RequestFields.Field field = RequestFields.Field.of(name);
		if (field == null) {
			parser.skipChildren();
			return;
		}
		fields.require(field);
		switch (field) {
			case DATA -> data(token);
			case METADATA -> metadata(token);
			case TYPE, GROUP, EVENT, ACK_ID, SEQUENCE_ID, DATA_TYPE, NO_ECHO, TTL, INVOCATION_ID, TARGET -> {
				fields.set(field, scalar(token));
				parser.skipChildren();
			}
		}
	}

	/** A text, an integer as a text of digits in a {@link Digits}, a truth value, null, or an object that nothing accepts. */
	private Object scalar(JsonToken token) throws Wrong.Message {
		return switch (token) {
			case VALUE_STRING -> text();
			case VALUE_NUMBER_INT -> new Digits(parser.getString());
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			case VALUE_NULL -> RequestFields.NULL;
			default -> RequestFields.OTHER;
		};
	}

	/** An integer as the client has written it. */
	record Digits(String text) {
	}

	/** Half of a surrogate pair has no bytes in UTF-8: it could not be passed on. */
	private String text() throws Wrong.Message {
		String text = parser.getString();
		if (message.contains("\\u") && !Names.isWhole(text)) {
			throw new Wrong.Message(Wrong.JSON);
		}
		return text;
	}

	private void data(JsonToken token) throws Wrong.Message {
		if (token == JsonToken.VALUE_STRING && fields.hasTextOrBytes()) {
			fields.data(text(), null);
			return;
		}
		int begin = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
		String text = token == JsonToken.VALUE_STRING ? text() : null;
		if (token == JsonToken.VALUE_NULL) {
			return; // as if it were not there
		}
		parser.skipChildren();
		parser.finishToken();
		fields.data(text, message.substring(begin, Math.toIntExact(parser.currentLocation().getCharOffset())));
	}

	private void metadata(JsonToken token) throws Wrong.Message {
		if (token != JsonToken.START_OBJECT) {
			fields.set(RequestFields.Field.METADATA, token == JsonToken.VALUE_NULL ? RequestFields.NULL : RequestFields.OTHER);
			parser.skipChildren();
			return;
		}
		Map<String, String> metadata = new TreeMap<>(String.CASE_INSENSITIVE_ORDER); // each becomes a header
		boolean texts = true;
		while (parser.nextToken() != JsonToken.END_OBJECT) {
			String name = parser.currentName();
			boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
			texts &= isText;
			if (metadata.put(name, isText ? text() : "") != null) {
				throw new Wrong.Message(Wrong.TWICE);
			}
			parser.skipChildren();
		}
		fields.set(RequestFields.Field.METADATA, texts ? metadata : RequestFields.OTHER);
	}
}
