package dev.hawser.webhook;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.SetCookieParser;
import org.jspecify.annotations.Nullable;

/**
 * The cookies that backends have set in answers about one connection, each backend's its own. They are sent back with the later
 * events of that connection, so that a balancer in front of several backends can find the same one again. Path and domain are not
 * looked at: the configuration says where events go.
 */
final class Cookies {
	/** Most characters of all cookies of a backend together, as they are sent back. A cookie that does not fit is as if it were not set. */
	private static final int MOST = 4096;
	/** The parser takes a negative age for none. */
	private static final Pattern ENDS_AT_ONCE = Pattern.compile(";\\s*max-age\\s*=\\s*-", Pattern.CASE_INSENSITIVE);
	private static final SetCookieParser PARSER = SetCookieParser.newInstance();

	private final Map<String, Map<String, String>> byBackend = new HashMap<>(2);

	/** The cookies when this answer has come; null for none. */
	static @Nullable Cookies after(@Nullable Cookies before, String backend, Answer answer) {
		List<String> lines = answer.headers().getValuesList("Set-Cookie");
		if (lines.isEmpty()) {
			return before;
		}
		Cookies all = before == null ? new Cookies() : before;
		all.set(backend, lines);
		return all;
	}

	/** The value of the Cookie header for a backend; null for none. */
	static @Nullable String header(@Nullable Cookies all, String backend) {
		return all == null ? null : all.of(backend);
	}

	/** @param lines the values of Set-Cookie in an answer */
	void set(String backend, List<String> lines) {
		Map<String, String> own = byBackend.computeIfAbsent(backend, _ -> new LinkedHashMap<>(2));
		for (String line : lines) {
			HttpCookie cookie = PARSER.parse(line);
			if (cookie == null || line.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
				continue;
			}
			own.remove(cookie.getName());
			String value = value(line);
			if (!cookie.isExpired() && !ENDS_AT_ONCE.matcher(line).find() && length(own) + length(cookie.getName(), value) <= MOST) {
				own.put(cookie.getName(), value);
			}
		}
	}

	/** As it stands there, with quotation marks if it has them (RFC 6265 section 5.2); the parser takes them off. */
	private static String value(String line) {
		String pair = line.replaceFirst(";.*", "");
		return pair.substring(pair.indexOf('=') + 1).strip();
	}

	private static int length(Map<String, String> cookies) {
		return cookies.entrySet().stream().mapToInt(cookie -> length(cookie.getKey(), cookie.getValue())).sum();
	}

	/** With what separates it from others. */
	private static int length(String name, String value) {
		return name.length() + value.length() + 3;
	}

	/** The value of the Cookie header for a backend; null for none. */
	@Nullable
	String of(String backend) {
		Map<String, String> own = byBackend.getOrDefault(backend, Map.of());
		return own.isEmpty() ? null
				: own.entrySet().stream().map(cookie -> cookie.getKey() + '=' + cookie.getValue()).collect(Collectors.joining("; "));
	}
}
