package dev.hawser.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agreement of client and server on permessage-deflate (RFC 7692 section 7).
 *
 * @param serverTakesOver whether the server compresses each message with the window of the message before
 * @param clientTakesOver whether the client does
 * @param windowNamed     whether the answer names the size of the server's window
 */
public record PerMessageDeflate(boolean serverTakesOver, boolean clientTakesOver, boolean windowNamed) {
	/** The extension's name in {@code Sec-WebSocket-Extensions}. */
	public static final String NAME = "permessage-deflate";
	private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
	private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
	private static final String SERVER_WINDOW = "server_max_window_bits";
	private static final String CLIENT_WINDOW = "client_max_window_bits";
	/** The only window that {@link java.util.zip.Deflater} has, in bits. */
	private static final int JDK_WINDOW = 15;

	/** The takeover that a server is willing to agree to. */
	public PerMessageDeflate(boolean serverTakesOver, boolean clientTakesOver) {
		this(serverTakesOver, clientTakesOver, false);
	}

	/**
	 * Answers a client's offers.
	 *
	 * @param headers the values of {@code Sec-WebSocket-Extensions}, one per line; offers in order of preference
	 * @param willing takeover that the server would agree to
	 * @return the agreement on the first offer that can be met; null when there is none, and messages go uncompressed
	 */
	public static @Nullable PerMessageDeflate negotiate(List<String> headers, PerMessageDeflate willing) {
		for (String header : headers) {
			for (String offer : FieldReader.split(header, ',')) {
				PerMessageDeflate agreed = accept(FieldReader.split(offer, ';'), willing);
				if (agreed != null) {
					return agreed;
				}
			}
		}
		return null;
	}

	/** 7.1: "A server MUST decline an extension negotiation offer" that has an unknown, invalid or repeated parameter. */
	private static @Nullable PerMessageDeflate accept(List<String> offer, PerMessageDeflate willing) {
		if (!offer.getFirst().strip().equalsIgnoreCase(NAME)) {
			return null;
		}
		Set<String> seen = new HashSet<>();
		for (String parameter : offer.subList(1, offer.size())) {
			if (!take(parameter, seen)) {
				return null;
			}
		}
		return new PerMessageDeflate(willing.serverTakesOver && !seen.contains(SERVER_NO_TAKEOVER),
				willing.clientTakesOver && !seen.contains(CLIENT_NO_TAKEOVER), seen.contains(SERVER_WINDOW));
	}

	/** Whether the server can agree to the parameter; adds its name to the seen ones. */
	private static boolean take(String parameter, Set<String> seen) {
		FieldReader reader = new FieldReader(parameter.strip());
		String name = reader.token("").toLowerCase(Locale.ROOT);
		try {
			String value = value(reader);
			return reader.atEnd() && seen.add(name) && acceptable(name, value);
		}
		catch (IllegalArgumentException e) {
			return false; // a quoted string that does not end
		}
	}

	/**
	 * RFC 6455 section 9.1: a token, or a quoted string that is a token without its quotes and backslashes. Null when there is
	 * none.
	 */
	private static @Nullable String value(FieldReader reader) {
		reader.skipBlanks();
		if (!reader.skip('=')) {
			return null;
		}
		reader.skipBlanks();
		return reader.skip('"') ? reader.quoted() : reader.token("");
	}

	private static boolean acceptable(String name, @Nullable String value) {
		return switch (name) {
			case SERVER_NO_TAKEOVER, CLIENT_NO_TAKEOVER -> value == null;
			// 7.1.2.1: the server must use this window or a smaller one; java.util.zip has only one size
			case SERVER_WINDOW -> value != null && bits(value) == JDK_WINDOW;
			// 7.1.2.2: a hint; inflating with the full window works for every window that the client may use
			case CLIENT_WINDOW -> value == null || bits(value) >= 8;
			default -> false;
		};
	}

	/** 8 to 15 without leading zeros (7.1.2.1), or -1. */
	private static int bits(String value) {
		return value.matches("[89]|1[0-5]") ? Integer.parseInt(value) : -1;
	}

	/** The value of {@code Sec-WebSocket-Extensions} that tells the client of the agreement. */
	public String header() {
		return NAME + (serverTakesOver ? "" : "; " + SERVER_NO_TAKEOVER) + (clientTakesOver ? "" : "; " + CLIENT_NO_TAKEOVER)
		// 7.1.2.1: the parameter is accepted by including it in the answer
				+ (windowNamed ? "; " + SERVER_WINDOW + "=" + JDK_WINDOW : "");
	}
}
