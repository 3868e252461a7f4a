package dev.hawser.push.rest;

import dev.hawser.api.Frame;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.Utf8Validator;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/** Reads the message that a request carries: its body by its Content-Type, and its metadata from headers. */
final class MessageBody {
	private static final String METADATA = "x-webpubsub-metadata-";
	private static final String HEADER = "X-WebPubSub-Metadata";
	private static final String SENTENCE = "Send the message with Content-Type application/json, text/plain or application/octet-stream;"
			+ " JSON and text in UTF-8.";
	private static final String JSON = "application/json";

	private enum Kind {
		JSON, TEXT, BINARY
	}

	private MessageBody() {
	}

	/** The message of a request. JSON is checked when it is sent. */
	static Frame of(Call call) {
		Kind kind = kind(call.request());
		Map<String, String> metadata = metadata(call);
		byte[] body = call.body();
		Frame message = switch (kind) {
			case BINARY -> Frame.binary(body);
			case TEXT -> Frame.of(0, utf8(body), Opcode.TEXT, true);
			case JSON -> Frame.json(utf8(body));
		};
		try {
			return metadata.isEmpty() ? message : message.withMetadata(metadata);
		}
		catch (IllegalArgumentException e) {
			throw ApiException.invalid(HEADER, String.valueOf(e.getMessage()));
		}
	}

	/** @throws ApiException unless the request says that it carries JSON in UTF-8 */
	static void requireJson(Call call) {
		if (kind(call.request()) != Kind.JSON) {
			throw unsupported("Send a JSON object with Content-Type application/json, in UTF-8.");
		}
	}

	private static byte[] utf8(byte[] body) {
		if (!Utf8Validator.isUtf8(body)) {
			throw new ApiException(400, "InvalidBody", "The body is not UTF-8: send text and JSON in UTF-8, and other bytes as"
					+ " application/octet-stream.", "body");
		}
		return body;
	}

	private static Kind kind(HttpServletRequest request) {
		requirePlain(request);
		return kind(SingleHeader.of(request, "Content-Type"));
	}

	/** What is encoded would go to clients as it is. */
	private static void requirePlain(HttpServletRequest request) {
		String content = SingleHeader.of(request, "Content-Encoding");
		if (content != null && !content.equalsIgnoreCase("identity")) {
			throw new ApiException(415, "UnsupportedMediaType", "Send the body as it is, without Content-Encoding.", "Content-Encoding");
		}
		String transfer = SingleHeader.of(request, "Transfer-Encoding");
		if (transfer != null && !transfer.strip().equalsIgnoreCase("chunked")) {
			throw new ApiException(501, "NotImplemented", "The only Transfer-Encoding here is chunked (RFC 9112 section 6.1).",
					"Transfer-Encoding");
		}
	}

	private static Kind kind(@Nullable String contentType) {
		if (contentType == null) {
			throw unsupported(SENTENCE);
		}
		try {
			return kind(MimeTypeUtils.parseMimeType(contentType));
		}
		catch (IllegalArgumentException e) { // also for a charset that this JVM does not have
			throw unsupported(SENTENCE);
		}
	}

	private static Kind kind(MimeType type) {
		Kind kind = switch (type.getType().toLowerCase(Locale.ROOT) + '/' + type.getSubtype().toLowerCase(Locale.ROOT)) {
			case JSON -> Kind.JSON;
			case "text/plain" -> Kind.TEXT;
			case "application/octet-stream" -> Kind.BINARY;
			default -> throw unsupported(SENTENCE);
		};
		Charset charset = type.getCharset();
		if (kind != Kind.BINARY && charset != null && !charset.equals(StandardCharsets.UTF_8)
				&& !charset.equals(StandardCharsets.US_ASCII)) {
			throw unsupported(SENTENCE);
		}
		return kind;
	}

	private static ApiException unsupported(String sentence) {
		return new ApiException(415, "UnsupportedMediaType", sentence, "Content-Type");
	}

	/**
	 * Names in small letters.
	 *
	 * @throws ApiException for a header without a name, and for one that is there twice
	 */
	static Map<String, String> metadata(Call call) {
		Map<String, String> metadata = Map.of();
		for (Enumeration<String> names = call.request().getHeaderNames(); names.hasMoreElements();) {
			String name = names.nextElement();
			if (name.regionMatches(true, 0, METADATA, 0, METADATA.length())) {
				if (name.length() == METADATA.length()) {
					throw ApiException.invalid(HEADER, "A header of metadata needs a name behind '" + HEADER + "-'.");
				}
				metadata = metadata.isEmpty() ? new TreeMap<>() : metadata;
				String value = SingleHeader.of(call.request(), name);
				metadata.put(name.substring(METADATA.length()).toLowerCase(Locale.ROOT), value == null ? "" : value);
			}
		}
		return metadata;
	}
}
