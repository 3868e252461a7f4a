package dev.hawser.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The origins whose pages may connect: exact ones ({@code https://app.example.com}, {@code capacitor://localhost}, {@code file://}), all
 * sub-domains of a domain at any depth ({@code https://*.example.com}, which is not {@code https://example.com} itself), all origins of a scheme that is not http or https ({@code moz-extension://*}), {@code null} for pages without an origin, or {@code *} for all. Origins are compared as a whole, never by a part. Scheme and host are not case-sensitive, and a default port may be written or left out.
 */
final class AllowedOrigins {
	private static final String ALL = "*";
	private static final String OPAQUE = "null";
	private static final String WILDCARD = "*.";

	private final List<Entry> entries;
	private final boolean all;
	private final boolean opaque;
	private final boolean loopback;

	/**
	 * @throws IllegalArgumentException for an entry that is not an origin; its message completes the sentence "an entry that ..."
	 */
	AllowedOrigins(List<String> allowed) {
		this(allowed.stream().filter(origin -> !origin.equals(ALL) && !origin.equals(OPAQUE)).map(Entry::of).toList(),
				allowed.contains(ALL), allowed.contains(OPAQUE), false);
	}

	private AllowedOrigins(List<Entry> entries, boolean all, boolean opaque, boolean loopback) {
		this.entries = entries;
		this.all = all;
		this.opaque = opaque;
		this.loopback = loopback;
	}

	/** These origins, and for development every origin on the browser's own machine, with any port. */
	AllowedOrigins withLoopback() {
		return new AllowedOrigins(entries, all, opaque, true);
	}

	private enum Kind {
		EXACT, SUBDOMAINS, SCHEME
	}

	/** @param origin for all sub-domains, the domain; for a whole scheme, an origin without a host */
	private record Entry(Origin origin, Kind kind) {
		static Entry of(String text) {
			int host = text.indexOf("://") + 3;
			if (host > 2 && text.startsWith(WILDCARD, host)) {
				Origin domain = origin(text.substring(0, host) + text.substring(host + WILDCARD.length()));
				if (!domain.host().contains(".")) {
					throw new IllegalArgumentException("is no domain of its own");
				}
				return new Entry(domain, Kind.SUBDOMAINS);
			}
			return host > 2 && text.substring(host).equals(ALL) ? new Entry(origin(text.substring(0, host)), Kind.SCHEME)
					: new Entry(origin(text), Kind.EXACT);
		}

		private static Origin origin(String text) {
			Origin origin = Origin.of(text);
			if (origin == null) {
				throw new IllegalArgumentException("is no origin");
			}
			return origin;
		}

		boolean contains(Origin other) {
			return switch (kind) {
				case EXACT -> origin.equals(other);
				case SCHEME -> origin.scheme().equals(other.scheme());
				case SUBDOMAINS -> origin.scheme().equals(other.scheme()) && origin.port() == other.port()
						&& other.host().endsWith("." + origin.host()) && other.host().length() > origin.host().length() + 1;
			};
		}
	}

	/** Whether pages of this origin may connect. The text may be anything that a client sends. */
	boolean contains(String origin) {
		if (all) {
			return true;
		}
		if (origin.equals(OPAQUE)) {
			return opaque;
		}
		return contains(Origin.of(origin));
	}

	boolean contains(@Nullable Origin origin) {
		return origin != null && ((loopback && origin.isLoopback()) || entries.stream().anyMatch(entry -> entry.contains(origin)));
	}

	boolean containsAll() {
		return all;
	}
}
