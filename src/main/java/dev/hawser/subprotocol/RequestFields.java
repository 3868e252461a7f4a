package dev.hawser.subprotocol;

import dev.hawser.api.Frame;
import dev.hawser.api.Names;
import dev.hawser.subprotocol.RequestReader.Digits;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the properties of one message, in any order, and makes the request of them. A property that a request does not have is
 * not looked at, whatever its value. Used by one thread.
 */
final class RequestFields {
	static final Object NULL = new Object();
	/** A value of a type that no property has. */
	static final Object OTHER = new Object();

	private static final Pattern EVENT_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,127}");
	private static final int LONGEST_INVOCATION_ID = 256;
	private static final int LONGEST_TTL = 300;
	private static final int LONGEST_UINT64 = 20;

	/** The properties of requests. */
	enum Field {
		TYPE("type"),
		GROUP("group"),
		EVENT("event"),
		ACK_ID("ackId"),
		SEQUENCE_ID("sequenceId"),
		DATA_TYPE("dataType"),
		DATA("data"),
		METADATA("metadata"),
		NO_ECHO("noEcho"),
		TTL("ttlSeconds"),
		INVOCATION_ID("invocationId"),
		TARGET("target");

		private final String name;

		Field(String name) {
			this.name = name;
		}

		/** Null for a name that no request has. */
		static @Nullable Field of(String name) {
			return switch (name) {
				case "type" -> TYPE;
				case "group" -> GROUP;
				case "event" -> EVENT;
				case "ackId" -> ACK_ID;
				case "sequenceId" -> SEQUENCE_ID;
				case "dataType" -> DATA_TYPE;
				case "data" -> DATA;
				case "metadata" -> METADATA;
				case "noEcho" -> NO_ECHO;
				case "ttlSeconds" -> TTL;
				case "invocationId" -> INVOCATION_ID;
				case "target" -> TARGET;
				default -> null;
			};
		}

		@Override
		public String toString() {
			return name;
		}
	}

	private final Map<Field, Object> values = new EnumMap<>(Field.class);
	/** The data as a text, if it is one. */
	private @Nullable String text;
	/** The data as the client has written it. */
	private @Nullable String json;

	/** @throws Wrong.Message when the property has come before */
	void require(Field field) throws Wrong.Message {
		if (values.putIfAbsent(field, NULL) != null) {
			throw new Wrong.Message(Wrong.TWICE);
		}
	}

	void set(Field field, Object value) {
		values.put(field, value);
	}

	/** Whether it is known already that the data is text or bytes, so that its JSON is not needed. */
	boolean hasTextOrBytes() {
		return values.get(Field.DATA_TYPE) instanceof String type && !type.equalsIgnoreCase("json");
	}

	void data(@Nullable String asText, @Nullable String asJson) {
		text = asText;
		json = asJson;
		values.put(Field.DATA, OTHER);
	}

	Request request() throws Wrong.Message {
		if (!(values.get(Field.TYPE) instanceof String type)) {
			throw new Wrong.Message(Wrong.TYPE);
		}
		Long ackId = uint64(Field.ACK_ID, Wrong.ACK_ID);
		return switch (type.toLowerCase(Locale.ROOT)) {
			case "sendtogroup" -> new Request.SendToGroup(group(), content(), noEcho(), ttl(), ackId);
			case "event" -> new Request.Event(event(), content(), ackId);
			case "joingroup" -> new Request.JoinGroup(group(), ackId);
			case "leavegroup" -> new Request.LeaveGroup(group(), ackId);
			case "ping" -> new Request.Ping();
			case "sequenceack" -> new Request.SequenceAck(sequenceId());
			case "invoke" -> invoke();
			case "cancelinvocation" -> new Request.CancelInvocation(invocationId());
			default -> throw new Wrong.Message(Wrong.TYPE);
		};
	}

	private Request invoke() throws Wrong.Message {
		if (!(values.get(Field.TARGET) instanceof String target) || !target.equalsIgnoreCase("event")) {
			throw new Wrong.Message(Wrong.INVOCATION);
		}
		boolean empty = !values.containsKey(Field.DATA) && !values.containsKey(Field.DATA_TYPE);
		return new Request.Invoke(invocationId(), event(), empty ? withMetadata(Frame.text("")) : content());
	}

	private String invocationId() throws Wrong.Message {
		if (values.get(Field.INVOCATION_ID) instanceof String id && !id.isEmpty() && id.length() <= LONGEST_INVOCATION_ID) {
			return id;
		}
		throw new Wrong.Message(Wrong.INVOCATION);
	}

	private String group() throws Wrong.Message {
		if (values.get(Field.GROUP) instanceof String group && Names.objection(group) == null) {
			return group;
		}
		throw new Wrong.Message(Wrong.GROUP);
	}

	private String event() throws Wrong.Message {
		if (values.get(Field.EVENT) instanceof String event && EVENT_NAME.matcher(event).matches()) {
			return event;
		}
		throw new Wrong.Message(Wrong.EVENT);
	}

	private boolean noEcho() throws Wrong.Message {
		Object value = values.getOrDefault(Field.NO_ECHO, false);
		if (value instanceof Boolean noEcho) {
			return noEcho;
		}
		throw new Wrong.Message(Wrong.NO_ECHO);
	}

	private Duration ttl() throws Wrong.Message {
		Long seconds = uint64(Field.TTL, Wrong.TTL);
		if (seconds == null) {
			return Duration.ZERO;
		}
		if (Long.compareUnsigned(seconds, LONGEST_TTL) > 0) {
			throw new Wrong.Message(Wrong.TTL);
		}
		return Duration.ofSeconds(seconds);
	}

	private long sequenceId() throws Wrong.Message {
		Long id = uint64(Field.SEQUENCE_ID, Wrong.SEQUENCE_ID);
		if (id == null) {
			throw new Wrong.Message(Wrong.SEQUENCE_ID);
		}
		return id;
	}

	/** Null for a property that is missing or null. The bits of the result are to be read as an unsigned number. */
	private @Nullable Long uint64(Field field, Wrong wrong) throws Wrong.Message {
		Object value = values.getOrDefault(field, NULL);
		if (value == NULL) {
			return null;
		}
		if (value instanceof Digits(String digits) && digits.length() <= LONGEST_UINT64 && digits.charAt(0) != '-') {
			try {
				return Long.parseUnsignedLong(digits);
			}
			catch (NumberFormatException e) {
				throw new Wrong.Message(wrong);
			}
		}
		throw new Wrong.Message(wrong);
	}

	/** Data that is missing beside metadata is an empty text. */
	private Frame content() throws Wrong.Message {
		Object type = values.getOrDefault(Field.DATA_TYPE, "json");
		if (!(type instanceof String name)) {
			throw new Wrong.Message(Wrong.DATA_TYPE);
		}
		if (!values.containsKey(Field.DATA) && values.get(Field.METADATA) instanceof Map<?, ?>) {
			return withMetadata(Frame.text(""));
		}
		return withMetadata(switch (name.toLowerCase(Locale.ROOT)) {
			case "json" -> Frame.json(known(json));
			case "text" -> Frame.text(known(text));
			case "binary" -> Frame.binary(bytes(known(text)));
			default -> throw new Wrong.Message(Wrong.DATA_TYPE);
		});
	}

	private static String known(@Nullable String data) throws Wrong.Message {
		if (data == null) {
			throw new Wrong.Message(Wrong.DATA);
		}
		return data;
	}

	/** RFC 4648 section 4, with padding. */
	private static byte[] bytes(String base64) throws Wrong.Message {
		try {
			if (base64.length() % 4 == 0) {
				return Base64.getDecoder().decode(base64);
			}
		}
		catch (IllegalArgumentException e) {
			// as below
		}
		throw new Wrong.Message(Wrong.DATA);
	}

	@SuppressWarnings("unchecked") // the reader puts only such a map there
	private Frame withMetadata(Frame content) throws Wrong.Message {
		Object value = values.getOrDefault(Field.METADATA, NULL);
		if (value == NULL) {
			return content;
		}
		if (!(value instanceof Map<?, ?> metadata)) {
			throw new Wrong.Message(Wrong.METADATA);
		}
		try {
			return metadata.isEmpty() ? content : content.withMetadata((Map<String, String>) metadata);
		}
		catch (IllegalArgumentException e) {
			throw new Wrong.Message(Wrong.METADATA);
		}
	}
}
