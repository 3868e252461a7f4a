package dev.hawser.handshake;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origins whose pages may connect: exact ones ({@code https://app.example.com}), all sub-domains of a domain at any depth
 * ({@code https://*.example.com}, which is not {@code https://example.com} itself), or {@code *} for all. Compared as a whole,
 * never in part; scheme and host in any case, a default port may be written or left out.
 */
public final class AllowedOrigins {
	private static final String ALL = "*";
	private static final Pattern ORIGIN = Pattern.compile("([a-z][a-z0-9+.-]*)://(\\[[0-9a-f:.]+]|[^\\[\\]/?#@:\\s*]+)(?::(\\d{1,5}))?");
	private static final String WILDCARD = "*.";

	private final List<Entry> entries;
	private final boolean all;

	/** @throws IllegalArgumentException for an entry that is no origin; its message says so in a half sentence */
	public AllowedOrigins(List<String> allowed) {
		this.all = allowed.contains(ALL);
		this.entries = allowed.stream().filter(origin -> !origin.equals(ALL)).map(Entry::of).toList();
	}

	private record Origin(String scheme, String host, int port) {
		static Origin of(String text) {
			Matcher parts = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
			if (!parts.matches()) {
				throw new IllegalArgumentException("is no origin");
			}
			return new Origin(parts.group(1), parts.group(2), port(parts.group(1), parts.group(3)));
		}

		private static int port(String scheme, String port) {
			if (port != null) {
				return Integer.parseInt(port);
			}
			return switch (scheme) {
				case "http" -> 80;
				case "https" -> 443;
				default -> -1;
			};
		}
	}

	/** @param subdomains whether the sub-domains of the host are meant, and not the host */
	private record Entry(Origin origin, boolean subdomains) {
		static Entry of(String text) {
			int host = text.indexOf("://") + 3;
			boolean subdomains = host > 2 && text.startsWith(WILDCARD, host);
			Origin origin = Origin.of(subdomains ? text.substring(0, host) + text.substring(host + WILDCARD.length()) : text);
			if (subdomains && !origin.host().contains(".")) {
				throw new IllegalArgumentException("is no domain of its own");
			}
			return new Entry(origin, subdomains);
		}

		boolean contains(Origin other) {
			if (!subdomains) {
				return origin.equals(other);
			}
			return origin.scheme().equals(other.scheme()) && origin.port() == other.port()
					&& other.host().endsWith("." + origin.host()) && other.host().length() > origin.host().length() + 1;
		}
	}

	/** Whether pages of this origin may connect; never for what is no origin, such as {@code null}, unless all may. */
	public boolean contains(String origin) {
		if (all) {
			return true;
		}
		if (entries.isEmpty()) {
			return false;
		}
		try {
			Origin other = Origin.of(origin);
			return entries.stream().anyMatch(entry -> entry.contains(other));
		}
		catch (IllegalArgumentException e) {
			return false;
		}
	}

	boolean containsAll() {
		return all;
	}
}
