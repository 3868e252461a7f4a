package dev.hawser.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Writes the headers of a call:
 *
 * <pre>
 *  WebHook-Request-Origin: hawser
 *  ce-specversion: 1.0
 *  ce-type: azure.webpubsub.user.message
 *  ce-source: /hubs/chat/client/node-17
 *  ce-id: 2
 *  ce-time: 2031-05-04T03:02:01Z
 *  ce-signature: sha256=6f2a...,sha256=91c0...         (with secrets)
 *  ce-hub: chat
 *  ce-connectionId: node-17
 *  ce-eventName: message
 *  ce-userId: alice                                     (if there is a user)
 *  ce-subprotocol: chat.v1                              (if there is one)
 *  ce-connectionState: eyJuIjoxfQ==                     (if the backend has set one)
 *  ce-awpsversion: 1.0
 *  x-webpubsub-metadata-trace: 7                        (for each entry of a message's metadata)
 *  webhook-id: msg_5f3c..._17_2
 *  webhook-timestamp: 1935716521
 *  webhook-signature: v1,K5oZ... v1,9mQe...             (with secrets)
 * </pre>
 */
final class EventHeaders {
	static final String STATE = "ce-connectionState";
	/** What the name of a header begins with that carries an entry of a message's metadata. */
	static final String METADATA = "x-webpubsub-metadata-";
	private static final String ORIGIN = "WebHook-Request-Origin";
	/** The middlewares of the contract ignore a request without it. */
	private static final String VERSION = "ce-awpsversion";
	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
			.withZone(ZoneOffset.UTC);
	private static final String HEX = "0123456789ABCDEF";

	private final String origin;
	private final Signatures signatures;

	/** @param origin the name of this server */
	EventHeaders(String origin, Signatures signatures) {
		this.origin = origin;
		this.signatures = signatures;
	}

	/** Headers of the handler check. */
	void writeCheck(String hub, HttpFields.Mutable headers) {
		headers.put(ORIGIN, origin).put(VERSION, "1.0").put("ce-hub", hub);
	}

	/** @param now the time of this attempt */
	void write(Event event, Instant now, HttpFields.Mutable headers) {
		Event.Origin of = event.of();
		headers.put(ORIGIN, origin).put("ce-specversion", "1.0").put("ce-type", event.type())
				.put("ce-source", "/hubs/" + of.hub() + "/client/" + of.connectionId()).put("ce-id", Long.toString(event.number()))
				.put("ce-time", TIME.format(event.time())).put("ce-hub", of.hub()).put("ce-connectionId", of.connectionId())
				.put("ce-eventName", event.plainName()).put(VERSION, "1.0");
		putIfThere(headers, "ce-userId", of.userId());
		putIfThere(headers, "ce-subprotocol", of.subprotocol());
		if (event.state() != null) {
			headers.put(STATE, event.state());
		}
		if (event.metadata() != null) {
			event.metadata().forEach((name, value) -> headers.put(METADATA + name, value));
		}
		String id = event.uniqueId();
		String timestamp = Long.toString(now.getEpochSecond());
		headers.put("webhook-id", id).put("webhook-timestamp", timestamp);
		if (signatures.any()) {
			headers.put("ce-signature", signatures.ofConnection(of.connectionId()));
			headers.put("webhook-signature", signatures.ofMessage(id, timestamp, event.body()));
		}
	}

	private static void putIfThere(HttpFields.Mutable headers, String name, @Nullable String value) {
		if (value != null && !value.isEmpty()) {
			headers.put(name, encoded(value));
		}
	}

	/**
	 * CloudEvents, HTTP binding, section 3.1.3.2: what is not printable ASCII, and space, double quote and percent sign, is
	 * percent-encoded.
	 */
	static String encoded(String value) {
		if (value.chars().allMatch(EventHeaders::isPlain)) {
			return value;
		}
		StringBuilder encoded = new StringBuilder();
		for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
			if (isPlain(b)) {
				encoded.append((char) b);
			}
			else {
				encoded.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
			}
		}
		return encoded.toString();
	}

	private static boolean isPlain(int c) {
		return c > ' ' && c < 0x7F && c != '"' && c != '%';
	}
}
