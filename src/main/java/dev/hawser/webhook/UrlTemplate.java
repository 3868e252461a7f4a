package dev.hawser.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a backend, in which {@code {hub}} and {@code {event}} stand for values. The values come after the host and are encoded,
 * so that they cannot change where a call goes.
 */
final class UrlTemplate {
	private static final String HUB = "{hub}";
	private static final String EVENT = "{event}";
	/** Bounds the memory for events whose names come from clients. */
	private static final int MOST_KEPT = 256;

	private final String text;
	private final ConcurrentHashMap<String, URI> made = new ConcurrentHashMap<>();

	/** @param url has passed the check of {@link #wrong} */
	UrlTemplate(String url, String hub) {
		this.text = url.replace(HUB, encoded(hub));
	}

	/** What is wrong with a URL, as the rest of a sentence that does not contain the URL; null for nothing. */
	static @Nullable String wrong(String url) {
		if (url.isEmpty()) {
			return "is missing: name the backend, as in https://backend.example.com/hawser/{event}.";
		}
		int host = url.indexOf("://") + 3;
		int end = host;
		while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
			end++;
		}
		if (host > 2 && url.lastIndexOf('{', end) >= 0 && url.lastIndexOf('{', end) < end) {
			return "must not have {hub} or {event} in its host: they may stand in the path and the query.";
		}
		URI uri = parsed(url.replace(HUB, "x").replace(EVENT, "x"));
		if (uri == null) {
			return "is not a URL in which only {hub} and {event} are filled in.";
		}
		String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
		if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
			return "must be an http or https URL with a host.";
		}
		return uri.getRawUserInfo() != null || uri.getRawFragment() != null
				? "must have no user and no fragment: put a key into the query, or use secrets." : null;
	}

	private static @Nullable URI parsed(String url) {
		try {
			return new URI(url);
		}
		catch (URISyntaxException e) {
			return null;
		}
	}

	/** The URL for an event. */
	URI of(String event) {
		URI known = made.get(event);
		if (known != null) {
			return known;
		}
		URI uri = URI.create(text.replace(EVENT, encoded(event)));
		if (made.size() < MOST_KEPT) {
			made.put(event, uri);
		}
		return uri;
	}

	/** Scheme, host and port, for logs and health. */
	String origin() {
		URI uri = of("validate");
		return uri.getScheme() + "://" + uri.getRawAuthority();
	}

	private static String encoded(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
	}
}
