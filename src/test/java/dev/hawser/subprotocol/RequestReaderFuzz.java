package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.DataType;
import dev.hawser.api.Frame;
import dev.hawser.connection.Subprotocol.Envelope;
import dev.hawser.protocol.OutgoingFrame;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fuzz target: any message, as UTF-8. {@link RequestReader} must take exactly what a naive reader takes, which makes a tree of the whole
 * message first, and must find the same in it; only a name that is there twice may be refused although the tree shows the last one. What
 * it takes is then wrapped for a client, and must still be there.
 */
public final class RequestReaderFuzz {
	private static final BigInteger LARGEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
	private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(1000)
			.maxNameLength(10_000).maxStringLength(Integer.MAX_VALUE).build();
	private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(LIMITS)
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()).build();
	private static final JsonMapper TREES = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(LIMITS).build())
			.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
			.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS).build();

	/** The exponent of a number for which a tree may have no room; a request passes the number on as it is. */
	private static final Pattern HUGE = Pattern.compile("[eE][+-]?[0-9]{9}");

	private RequestReaderFuzz() {
	}

	/** Called by the fuzzer for each input. */
	public static void fuzzerTestOneInput(byte[] input) {
		check(input);
	}

	/** Checks one input, and returns what is wrong with it; null for a request. */
	static @Nullable Wrong check(byte[] input) {
		String text = new String(input, StandardCharsets.UTF_8);
		Request request;
		try {
			request = RequestReader.read(text);
		}
		catch (Wrong.Message e) {
			assertThat(e.wrong().reason().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(123);
			boolean sameInATree = !hasANameTwice(text) && !isHuge(text) && !text.contains("-0"); // which a tree takes for 0
			assertThat(sameInATree ? naive(text) : null).as(text).isNull();
			return e.wrong();
		}
		if (!isHuge(text)) {
			assertThat(described(request)).as(text).isEqualTo(naive(text));
		}
		return null;
	}

	private static boolean isHuge(String text) {
		return HUGE.matcher(text).find();
	}

	private static String described(Request request) {
		return switch (request) {
			case Request.JoinGroup join -> "joingroup " + join.group() + id(join.ackId());
			case Request.LeaveGroup leave -> "leavegroup " + leave.group() + id(leave.ackId());
			case Request.SendToGroup send -> "sendtogroup " + send.group() + id(send.ackId()) + ' ' + send.noEcho() + ' '
					+ send.ttl().toSeconds() + content(send.content());
			case Request.Event event -> "event " + event.name() + id(event.ackId()) + content(event.content());
			case Request.Invoke invoke -> "invoke " + invoke.invocationId() + ' ' + invoke.event() + content(invoke.content());
			case Request.CancelInvocation cancel -> "cancelinvocation " + cancel.invocationId();
			case Request.Ping _ -> "ping";
			case Request.SequenceAck ack -> "sequenceack" + id(ack.sequenceId());
		};
	}

	private static String id(@Nullable Long id) {
		return " " + (id == null ? "-" : Long.toUnsignedString(id));
	}

	/**
	 * The content as a client gets it in its envelope. It is read as text, as clients do: from bytes, Jackson refuses half a surrogate pair that
	 * is written as an escape in a name, which the grammar of JSON allows.
	 */
	private static String content(Frame content) {
		OutgoingFrame wrapped = JsonMessages.message(new OutgoingFrame(content.opcode(), true, content.data()), Envelope.of(content));
		JsonNode message = TREES.readTree(new String(wrapped.payload(), StandardCharsets.UTF_8));
		assertThat(message.path("dataType").asString()).isEqualToIgnoringCase(content.dataType().name());
		Map<String, String> metadata = new TreeMap<>();
		message.path("metadata").properties().forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asString()));
		return " " + content.dataType() + ' ' + message.path("data") + ' ' + metadata;
	}

	private static boolean hasANameTwice(String text) {
		try {
			STRICT.readTree(text);
			return false;
		}
		catch (JacksonException e) {
			return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
		}
	}

	/** Null for what is no request. */
	private static @Nullable String naive(String text) {
		try {
			JsonNode message = TREES.readTree(text);
			return message != null && message.isObject() ? naive(message) : null;
		}
		catch (JacksonException | Refused e) {
			return null;
		}
	}

	/** The naive reader's refusal. */
	private static final class Refused extends RuntimeException {
		private static final long serialVersionUID = 1L;
	}

	private static void require(boolean kept) {
		if (!kept) {
			throw new Refused();
		}
	}

	private static String naive(JsonNode message) {
		message.path("metadata").properties().forEach(entry -> requirePairs(entry.getValue()));
		Set<String> headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		message.path("metadata").properties().forEach(entry -> require(headers.add(entry.getKey())));
		for (String name : new String[] { "type", "group", "event", "dataType", "invocationId", "target", "data", "ackId", "sequenceId",
				"noEcho",
				"ttlSeconds" }) {
			requirePairs(message.path(name));
		}
		String type = text(message, "type").toLowerCase(Locale.ROOT);
		String ackId = uint64(message, "ackId");
		return type + switch (type) {
			case "joingroup", "leavegroup" -> ' ' + group(message) + ' ' + ackId;
			case "sendtogroup" -> ' ' + group(message) + ' ' + ackId + ' ' + flag(message) + ' ' + ttl(message) + content(message);
			case "event" -> ' ' + event(message) + ' ' + ackId + content(message);
			case "invoke" -> {
				require(text(message, "target").equalsIgnoreCase("event"));
				boolean empty = !message.has("data") && !message.has("dataType");
				yield ' ' + invocation(message) + ' ' + event(message) + (empty ? " TEXT \"\" " + metadata(message) : content(message));
			}
			case "cancelinvocation" -> ' ' + invocation(message);
			case "ping" -> "";
			case "sequenceack" -> {
				require(!uint64(message, "sequenceId").equals("-"));
				yield ' ' + uint64(message, "sequenceId");
			}
			default -> throw new Refused();
		};
	}

	private static void requirePairs(JsonNode value) {
		require(!value.isString() || value.asString().codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
	}

	private static String text(JsonNode message, String name) {
		require(message.path(name).isString());
		return message.path(name).asString();
	}

	private static String group(JsonNode message) {
		String group = text(message, "group");
		require(!group.isBlank() && group.length() <= 1024 && !group.matches("\\.\\.?"));
		require(group.chars().noneMatch(c -> c < ' ' || (c >= 0x7F && c < 0xA0)));
		return group;
	}

	private static String event(JsonNode message) {
		String event = text(message, "event");
		require(event.matches("[A-Za-z][A-Za-z0-9_.-]{0,127}"));
		return event;
	}

	private static String invocation(JsonNode message) {
		String id = text(message, "invocationId");
		require(!id.isEmpty() && id.length() <= 256);
		return id;
	}

	private static String uint64(JsonNode message, String name) {
		JsonNode value = message.path(name);
		if (value.isMissingNode() || value.isNull()) {
			return "-";
		}
		require(value.isIntegralNumber() && !value.toString().startsWith("-") && value.bigIntegerValue().compareTo(LARGEST) <= 0);
		return value.bigIntegerValue().toString();
	}

	private static boolean flag(JsonNode message) {
		require(!message.has("noEcho") || message.path("noEcho").isBoolean());
		return message.path("noEcho").asBoolean(false);
	}

	private static String ttl(JsonNode message) {
		String seconds = uint64(message, "ttlSeconds");
		require(seconds.equals("-") || new BigInteger(seconds).compareTo(BigInteger.valueOf(300)) <= 0);
		return seconds.equals("-") ? "0" : seconds;
	}

	private static String content(JsonNode message) {
		String type = message.has("dataType") ? text(message, "dataType").toLowerCase(Locale.ROOT) : "json";
		JsonNode data = message.path("data");
		if (data.isMissingNode() && message.path("metadata").isObject()) {
			return " TEXT \"\" " + metadata(message);
		}
		require(!data.isMissingNode() && !data.isNull());
		switch (type) {
			case "json" -> {
				// any value
			}
			case "text" -> require(data.isString());
			case "binary" -> requireBase64(data);
			default -> throw new Refused();
		}
		return " " + DataType.valueOf(type.toUpperCase(Locale.ROOT)) + ' ' + (type.equals("binary") ? canonical(data) : data) + ' '
				+ metadata(message);
	}

	private static void requireBase64(JsonNode data) {
		require(data.isString() && data.asString().matches("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"));
	}

	/** The last character before the padding may have bits that mean nothing. */
	private static String canonical(JsonNode data) {
		return '"' + Base64.getEncoder().encodeToString(Base64.getDecoder().decode(data.asString())) + '"';
	}

	private static String metadata(JsonNode message) {
		JsonNode metadata = message.path("metadata");
		if (metadata.isMissingNode() || metadata.isNull()) {
			return "{}";
		}
		require(metadata.isObject());
		Map<String, String> entries = new TreeMap<>();
		int size = 0;
		for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
			require(entry.getValue().isString() && entry.getKey().matches("[!#$%&'*+\\-.^_`|~0-9A-Za-z]{1,256}")
					&& entry.getValue().asString().matches("[ -~]{0,1024}"));
			size += entry.getKey().length() + entry.getValue().asString().length();
			entries.put(entry.getKey(), entry.getValue().asString());
		}
		require(entries.size() <= 64 && size <= 8192);
		return entries.toString();
	}
}
