package dev.hawser.webhook;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
	/** Most characters of all cookies of a backend together. Further cookies are ignored. */
	private static final int MOST = 4096;
	private static final SetCookieParser PARSER = SetCookieParser.newInstance();

	private final Map<String, Map<String, String>> byBackend = new HashMap<>(2);

	/** @param lines the values of Set-Cookie in an answer */
	void set(String backend, List<String> lines) {
		Map<String, String> own = byBackend.computeIfAbsent(backend, _ -> new LinkedHashMap<>(2));
		for (String line : lines) {
			HttpCookie cookie = PARSER.parse(line);
			if (cookie == null) {
				continue;
			}
			if (cookie.isExpired()) {
				own.remove(cookie.getName());
			}
			else if (length(own) + line.length() <= MOST) {
				own.put(cookie.getName(), cookie.getValue());
			}
		}
	}

	private static int length(Map<String, String> cookies) {
		return cookies.entrySet().stream().mapToInt(cookie -> cookie.getKey().length() + cookie.getValue().length() + 3).sum();
	}

	/** The value of the Cookie header for a backend; null for none. */
	@Nullable
	String of(String backend) {
		Map<String, String> own = byBackend.getOrDefault(backend, Map.of());
		return own.isEmpty() ? null
				: own.entrySet().stream().map(cookie -> cookie.getKey() + '=' + cookie.getValue()).collect(Collectors.joining("; "));
	}
}
