package dev.hawser.push.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URLs that a token may name in {@code aud} (RFC 7519 section 4.1.3) to be good for a request. As in the contract, upper and lower
 * case, and percent-encoding, make no difference; a default port may be written or left out.
 */
final class Audience {
	/** A scheme of WebSockets is that of the handshake's HTTP. */
	private static final Pattern ORIGIN = Pattern.compile("(http|ws)(s?)://([^/?#]*)(.*)", Pattern.DOTALL);

	private final List<String> plain;

	/**
	 * @param bases   URLs below which the server is known, with or without a slash at their end
	 * @param targets what may follow: a path, or a path with a query
	 */
	Audience(Collection<String> bases, List<String> targets) {
		this.plain = bases.stream().map(PublicUrl::withoutSlash)
				.flatMap(base -> targets.stream().map(target -> normalized(base + target))).filter(url -> !url.isEmpty()).toList();
	}

	/** Whether one of these names is one of the URLs. */
	boolean isNamedIn(List<String> names) {
		return names.stream().anyMatch(this::is);
	}

	private boolean is(String name) {
		String given = normalized(name);
		return plain.contains(given) || plain.stream().map(Audience::decoded).anyMatch(decoded(given)::equals);
	}

	/** In lower case, with {@code http} for {@code ws}, and without a default port; empty for what is no such URL. */
	private static String normalized(String url) {
		Matcher parts = ORIGIN.matcher(url.toLowerCase(Locale.ROOT));
		if (!parts.matches()) {
			return "";
		}
		String secure = parts.group(2);
		String defaultPort = secure.isEmpty() ? ":80" : ":443";
		String authority = parts.group(3);
		return "http" + secure + "://"
				+ (authority.endsWith(defaultPort) ? authority.substring(0, authority.length() - defaultPort.length()) : authority)
				+ parts.group(4);
	}

	/** A plus sign is no space here. What cannot be decoded stays as it is. */
	private static String decoded(String url) {
		try {
			return url.indexOf('%') < 0 ? url
					: URLDecoder.decode(url.replace("+", "%2b"), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
		}
		catch (IllegalArgumentException e) {
			return url;
		}
	}
}
