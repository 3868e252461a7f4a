package dev.hawser.application.hub;

import dev.hawser.operations.OperatorKey;
import dev.hawser.operations.console.TryIt;
import dev.hawser.settings.Settings;
import dev.hawser.token.HubTokens;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.SharedKey;
import dev.hawser.token.VerifiedToken;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens with which an operator tries the server from the console. They are signed with a key derived from the operators' key, so that every
 * node accepts them and they end with it. Safe for any thread.
 */
final class ConsoleTokens implements HubTokens, TryIt {
	private static final Duration LIFETIME = Duration.ofHours(1);
	private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);
	private static final String AUDIENCE = "hawser-console:";
	private static final String USER = "operator";
	private static final String PAGE = "page";

	private final OperatorKey operators;
	private final Settings settings;
	private final String prefix;
	/** The latest key; a fresh one when the operators' key has changed. */
	private volatile @Nullable Derived known;

	/** A key with what it was made of, since making it costs more than verifying a token with it. */
	private static final class Derived {
		final byte[] from;
		final SharedKey key;

		Derived(byte[] from) {
			this.from = from;
			this.key = SharedKey.of(Base64.getEncoder().encodeToString(from), CLOCK_SKEW);
		}
	}

	/** @param prefix what stands before each path on the clients' port; empty for nothing */
	ConsoleTokens(OperatorKey operators, Settings settings, String prefix) {
		this.operators = operators;
		this.settings = settings;
		this.prefix = prefix;
	}

	@Override
	public String prefix() {
		return prefix;
	}

	private @Nullable SharedKey key() {
		byte[] derived = operators.derived("hawser console token");
		if (derived == null) {
			return null;
		}
		Derived latest = known;
		if (latest == null || !Arrays.equals(latest.from, derived)) {
			latest = new Derived(derived);
			known = latest;
		}
		return latest.key;
	}

	@Override
	public String path(String hub) {
		return HubEndpoint.paths(hub, settings).getFirst();
	}

	@Override
	public @Nullable String token(String hub, String page) {
		SharedKey key = key();
		return key == null ? null : key.sign(Map.of("sub", USER, "aud", List.of(AUDIENCE + hub), PAGE, page), LIFETIME);
	}

	@Override
	public OfHub of(String hub) {
		return new OfHub() {
			@Override
			public @Nullable Found find(String address, String token) {
				VerifiedToken verified = verify(hub, token);
				return verified == null ? null : new Found(verified, Set.of(), Set.of(), CLOCK_SKEW);
			}

			@Override
			public boolean isMeantBy(VerifiedToken verified) {
				return verified.audience().contains(AUDIENCE + hub);
			}

			@Override
			public boolean admits(String page, String token) {
				VerifiedToken verified = verify(hub, token);
				return verified != null && page.equals(verified.claims().get(PAGE));
			}
		};
	}

	/** Null for a token that is no valid one of these. */
	private @Nullable VerifiedToken verify(String hub, String token) {
		SharedKey key = key();
		if (key == null) {
			return null;
		}
		try {
			VerifiedToken verified = key.verify(token);
			return verified.audience().contains(AUDIENCE + hub) ? verified : null;
		}
		catch (InvalidTokenException e) {
			return null;
		}
	}
}
