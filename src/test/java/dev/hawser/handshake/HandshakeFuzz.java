package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.protocol.HandshakeKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Fuzz target: any opening handshake, as text. {@link HandshakeRules} must accept it exactly when it meets each condition
 * of RFC 6455 section 4.2.1, or over HTTP/2 of RFC 8441 section 5, by a naive check, and nothing may ever throw.
 *
 * <pre>
 *  GET HTTP/1.1
 *  Upgrade: websocket
 *  Connection: Upgrade
 *  ...
 * </pre>
 *
 * The first line is method and version, each further line a header; characters are Latin-1.
 */
public final class HandshakeFuzz {
	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
	private static final Pattern NOT_IN_FIELD_VALUES = Pattern.compile("[\\x00-\\x08\\x0A-\\x1F\\x7F]");
	private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	private HandshakeFuzz() {
	}

	record Header(String name, String value) {
		boolean is(String other) {
			return name.equalsIgnoreCase(other);
		}
	}

	/** Called by the fuzzer for each input. */
	public static void fuzzerTestOneInput(byte[] input) {
		check(input);
	}

	/** Checks one input, and returns why it is rejected; null when it is accepted. */
	static @Nullable HandshakeRejection check(byte[] input) {
		String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", -1);
		String[] first = lines[0].split(" ", 2);
		String method = first[0];
		String version = first.length == 2 ? first[1] : "";
		List<Header> raw = Arrays.stream(lines).skip(1).map(line -> line.split(":", 2)).filter(parts -> parts.length == 2)
				.map(parts -> new Header(parts[0], parts[1])).toList();
		// The checks must not throw for any request that the HTTP parser accepts.
		rejection(method, version, raw);

		// The HTTP parser accepts names that are tokens, and values without control characters and without spaces around them.
		List<Header> headers = raw.stream().filter(header -> TOKEN.matcher(header.name()).matches())
				.filter(header -> !NOT_IN_FIELD_VALUES.matcher(header.value()).find())
				.map(header -> new Header(header.name(), withoutSpaceAround(header.value()))).toList();
		HandshakeRejection rejection = rejection(method, version, headers);
		assertThat(rejection == null).as("accepted (%s)", rejection).isEqualTo(isHandshake(method, version, headers));
		checkSubprotocols(headers);
		headers.forEach(header -> checkKey(header.value()));
		return rejection;
	}

	private static @Nullable HandshakeRejection rejection(String method, String version, List<Header> headers) {
		HttpHeaders http = http(headers);
		HandshakeRejection rejection = new HandshakeRules(method, version, http).check(true, OfferedSubprotocols.of(http, Long.MAX_VALUE));
		if (rejection != null) {
			assertThat(rejection.status()).as("status").isIn(400, 405, 426);
			assertThat(rejection.waivable()).as("waivable").isFalse();
		}
		return rejection;
	}

	private static HttpHeaders http(List<Header> headers) {
		HttpHeaders http = new HttpHeaders();
		headers.forEach(header -> http.add(header.name(), header.value()));
		return http;
	}

	private static boolean isHandshake(String method, String version, List<Header> headers) {
		if (version.equals("HTTP/2.0")) { // RFC 8441 section 5: a CONNECT, without the headers that HTTP/2 forbids, and without a key
			return method.equals("CONNECT") && hasGoodFields(headers);
		}
		return method.equals("GET") && !version.matches("HTTP/(0\\.9|1\\.0)")
				&& elements(headers, "Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase)
				&& elements(headers, "Connection").stream().anyMatch("upgrade"::equalsIgnoreCase)
				&& values(headers, "Sec-WebSocket-Key").size() == 1
				&& isKey(values(headers, "Sec-WebSocket-Key").getFirst())
				&& hasGoodFields(headers);
	}

	private static boolean hasGoodFields(List<Header> headers) {
		return headers.stream().noneMatch(header -> header.is("Transfer-Encoding"))
				&& values(headers, "Content-Length").stream().allMatch(value -> value.matches("0+"))
				&& values(headers, "Sec-WebSocket-Version").equals(List.of("13"))
				&& tokens(headers, "Sec-WebSocket-Protocol").stream().allMatch(element -> TOKEN.matcher(element).matches());
	}

	private static List<String> values(List<Header> headers, String name) {
		return headers.stream().filter(header -> header.is(name)).map(Header::value).toList();
	}

	/** RFC 9110 section 5.6.4: what has no comma outside of quoted strings, the last of which need not end. */
	private static final Pattern ELEMENT = Pattern.compile("(?:[^\",]|\"(?:\\\\.|[^\"\\\\])*+(?:\"|\\\\?\\z))+", Pattern.DOTALL);

	/** RFC 9110 section 5.6.1: elements of a list, over all lines of the header; empty ones do not count. */
	private static List<String> elements(List<Header> headers, String name) {
		return values(headers, name).stream().flatMap(value -> ELEMENT.matcher(value).results().map(MatchResult::group))
				.map(HandshakeFuzz::withoutSpaceAround).filter(element -> !element.isEmpty()).toList();
	}

	/** RFC 6455 section 11.3.4: a list of tokens, in which a quote is an error and does not hide a comma. */
	private static List<String> tokens(List<Header> headers, String name) {
		return values(headers, name).stream().flatMap(value -> Arrays.stream(value.split(",")))
				.map(HandshakeFuzz::withoutSpaceAround).filter(element -> !element.isEmpty()).toList();
	}

	/** RFC 9110 section 5.6.3: optional whitespace is spaces and tabs. The end is \z, as $ stands before a last U+0085, too. */
	private static String withoutSpaceAround(String text) {
		return text.replaceAll("\\A[ \t]+|[ \t]+\\z", "");
	}

	private static void checkSubprotocols(List<Header> headers) {
		List<String> names = new ArrayList<>(tokens(headers, "Sec-WebSocket-Protocol"));
		String token = null;
		for (int i = 0; i < names.size(); i++) {
			if (names.get(i).equalsIgnoreCase("bearer")) {
				names.remove(i);
				token = i < names.size() ? names.remove(i) : token;
				i--;
			}
		}
		OfferedSubprotocols offered = OfferedSubprotocols.of(http(headers), Long.MAX_VALUE);
		assertThat(offered.names()).as("subprotocols").isEqualTo(names);
		assertThat(offered.bearerToken()).as("bearer token").isEqualTo(token);
	}

	private static void checkKey(String value) {
		assertThat(HandshakeKey.isValid(value)).as("key is valid").isEqualTo(isKey(value));
		assertThat(Base64.getDecoder().decode(HandshakeKey.accept(value))).as("accept is a SHA-1").hasSize(20);
	}

	/** 128 bits in 22 characters of 6 bits: the last four bits are unused and must be zero (RFC 4648 section 3.5). */
	private static boolean isKey(String value) {
		if (value.length() != 24 || !value.endsWith("==")) {
			return false;
		}
		for (int i = 0; i < 22; i++) {
			if (BASE64.indexOf(value.charAt(i)) < 0) {
				return false;
			}
		}
		return BASE64.indexOf(value.charAt(21)) % 16 == 0;
	}
}
