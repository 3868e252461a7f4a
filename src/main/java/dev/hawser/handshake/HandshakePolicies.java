package dev.hawser.handshake;

import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.token.TokenSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The current policy of each hub. Makes the token verifiers, replaces them in a reload, and closes those that are no longer used.
 * The set of hubs is fixed at the start.
 */
public final class HandshakePolicies implements ReloadParticipant, AutoCloseable {
	private static final String ROOT = "hawser.";

	private final Section<HandshakeSettings> section;
	private final TokenSources sources;
	private final Map<String, HandshakePolicy> byHub;

	HandshakePolicies(Section<HandshakeSettings> section, Settings settings, TokenSources sources) {
		this.section = section;
		this.sources = sources;
		this.byHub = new ConcurrentHashMap<>(made(settings, Map.of()));
	}

	/**
	 * The current policy of the hub.
	 *
	 * @throws IllegalArgumentException when there is no such hub
	 */
	public HandshakePolicy of(String hub) {
		HandshakePolicy policy = byHub.get(hub);
		if (policy == null) {
			throw new IllegalArgumentException("There is no hub '" + hub + "'.");
		}
		return policy;
	}

	/** The policies of all hubs. */
	public Collection<HandshakePolicy> all() {
		return byHub.values();
	}

	@Override
	public Section<?> section() {
		return section;
	}

	@Override
	public Change prepare(Settings fresh) {
		Map<String, HandshakePolicy> before = Map.copyOf(byHub);
		Map<String, HandshakePolicy> after = made(fresh, before);
		return new Change() {
			@Override
			public void commit() {
				byHub.putAll(after);
				dispose(before, after);
			}

			@Override
			public void discard() {
				dispose(after, before);
			}
		};
	}

	/**
	 * Makes a policy for each hub. If one cannot be made, the new policies made before it are disposed of, since a verifier may
	 * fetch keys in the background.
	 *
	 * @param before the policies in force; empty at the start
	 */
	private Map<String, HandshakePolicy> made(Settings settings, Map<String, HandshakePolicy> before) {
		Map<String, HandshakePolicy> made = new HashMap<>();
		try {
			for (String hub : before.isEmpty() ? settings.hubs() : before.keySet()) {
				HandshakePolicy old = before.get(hub);
				if (!settings.hubs().contains(hub)) {
					made.put(hub, old); // a hub that was removed from the configuration stays until the restart
				}
				else {
					made.put(hub, policy(settings, hub, old));
				}
			}
			return made;
		}
		catch (RuntimeException | Error e) {
			dispose(made, before);
			throw e;
		}
	}

	private HandshakePolicy policy(Settings settings, String hub, @Nullable HandshakePolicy old) {
		HandshakeSettings own = settings.ofHub(hub, section);
		try {
			return policy(own, old).with(sources.elsewhere().of(hub));
		}
		catch (IllegalArgumentException e) {
			throw named(hub, own.token(), settings, e);
		}
	}

	/** Keys are read only here. If a hub's own key is bad, the message names the hub's property instead of the inherited one. */
	private IllegalArgumentException named(String hub, TokenSettings own, Settings settings, IllegalArgumentException failure) {
		String sentence = String.valueOf(failure.getMessage());
		if (!sentence.startsWith(ROOT)) {
			return failure;
		}
		TokenSettings inherited = settings.of(section).token();
		return own.keys().equals(inherited.keys()) && own.algorithms().equals(inherited.algorithms()) ? failure
				: new IllegalArgumentException(ROOT + "hubs." + hub + '.' + sentence.substring(ROOT.length()), failure);
	}

	/**
	 * Makes the policy for these settings. A verifier that fetches its keys is kept while its settings are the same, since a new
	 * one would have no keys yet. Other verifiers are made again, since their keys may be in files that have changed.
	 */
	private HandshakePolicy policy(HandshakeSettings settings, @Nullable HandshakePolicy old) {
		TokenSettings token = settings.token();
		if (sources.application() != null) {
			return new HandshakePolicy(settings, sources.application());
		}
		if (old != null && old.verifier().mayBlock() && old.settings().token().equals(token)) {
			return new HandshakePolicy(settings, old.verifier());
		}
		if (token.trustsAKeyOrIssuer()) {
			return new HandshakePolicy(settings, sources.verifiers().apply(token));
		}
		if (old != null && old.settings().token().trustsAKeyOrIssuer()) {
			throw new IllegalArgumentException(
					"hawser.handshake.token had a key or an issuer and no longer has one. All clients would be refused,"
							+ " or a development key would be accepted; restart the server if you want that.");
		}
		HandshakePolicy policy = new HandshakePolicy(settings, sources.withoutKey(token));
		return sources.development().generated() == null ? policy : policy.forDevelopment();
	}

	/** Closes the verifiers of these policies, except those that are in use by the other ones. */
	private void dispose(Map<String, HandshakePolicy> policies, Map<String, HandshakePolicy> inUse) {
		policies.forEach((hub, policy) -> {
			HandshakePolicy other = inUse.get(hub);
			if (policy.verifier() != sources.application() && (other == null || other.verifier() != policy.verifier())) {
				policy.verifier().close();
			}
		});
	}

	@Override
	public void close() {
		dispose(byHub, Map.of());
	}
}
