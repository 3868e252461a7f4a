package dev.hawser.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.RateLimitedJWKSetSource;
import com.nimbusds.jose.jwk.source.RefreshAheadCachingJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one {@link KeyServer} publishes, for one set of settings: nothing is shared with another issuer, URL or hub, so
 * that the same {@code kid} at two issuers means two keys.
 *
 * <p>The keys are fetched in the background, at the start and after every refresh interval, whether or not clients connect. In
 * between, a token with an unknown {@code kid} starts a fetch at once, one for all threads that wait, but no more than twice in 30
 * seconds (or in half the refresh interval, if that is shorter): invented names must not flood the server. After a failed fetch the
 * keys known before stay in use until the outage tolerance has passed since they were last confirmed, and at most one refresh
 * interval longer.
 */
final class RemoteKeys implements KeySource {
	private static final long SHORTEST_INTERVAL_MILLIS = 30_000;
	/**
	 * Most keys with the same {@code kid} that a token is tried with. Usually there is one, or two while an issuer corrects a
	 * mistake.
	 */
	private static final int MOST_TRIED = 4;

	private final KeyServer server;
	private final JWKSetSource<SecurityContext> sets;
	private final List<String> algorithms;
	private final ScheduledExecutorService background;
	private final InstantSource steady;
	private final long retryMillis;
	private volatile @Nullable Known known;

	/** @param keys the keys of the set that can check signatures */
	private record Known(JWKSet set, List<VerificationKey> keys) {
	}

	/**
	 * @param steady     for the time that keys are kept
	 * @param background runs the fetches that no handshake waits for; stopped by {@link #close}
	 */
	RemoteKeys(KeyServer server, TokenSettings settings, InstantSource steady, ScheduledExecutorService background) {
		this.server = server;
		this.algorithms = settings.algorithms();
		this.steady = steady;
		this.background = background;
		long refresh = settings.jwks().refreshInterval().toMillis();
		long wait = settings.timeout().toMillis() * 3; // discovery, the fetch itself, and a reserve
		long shortest = Math.min(SHORTEST_INTERVAL_MILLIS, refresh / 2);
		this.retryMillis = Math.max(1, shortest / 2);
		JWKSetSource<SecurityContext> tolerant = settings.jwks().outageTolerance().isZero() ? server
				: new OutageTolerantJWKSetSource<>(server, settings.jwks().outageTolerance().toMillis(), null);
		this.sets = new RefreshAheadCachingJWKSetSource<>(new RateLimitedJWKSetSource<>(tolerant, shortest, null),
				refresh + shortest + wait, wait, shortest, background, true, null, null, true);
		background.execute(this::begin);
		Future<?> _ = background.scheduleWithFixedDelay(this::refresh, refresh, refresh, TimeUnit.MILLISECONDS);
	}

	/** Fetches the keys again. Nimbus can do so by itself, but then reads the wall clock, which may have been set. */
	private void refresh() {
		try {
			load(JWKSetCacheRefreshEvaluator.forceRefresh());
		}
		catch (KeySourceException | RuntimeException e) {
			// the known keys stay in use until the next attempt, or the end of the outage tolerance
		}
	}

	/** Fetches the first keys; tries again until a fetch succeeds. */
	private void begin() {
		try {
			load(JWKSetCacheRefreshEvaluator.noRefresh());
		}
		catch (KeySourceException | RuntimeException e) {
			if (!background.isShutdown()) {
				Future<?> _ = background.schedule(this::begin, retryMillis, TimeUnit.MILLISECONDS);
			}
		}
	}

	@Override
	public List<VerificationKey> candidates(JWSHeader header) {
		if (!VerificationKey.PUBLIC_KEY_ALGORITHMS.contains(header.getAlgorithm())) {
			return List.of(); // no reason to fetch
		}
		Known now = load();
		List<VerificationKey> fitting = fitting(now, header);
		if (fitting.isEmpty()) {
			fitting = fitting(loadNewerThan(now), header);
			if (fitting.isEmpty() && !server.answering()) {
				throw new VerifierUnavailableException("The key server does not answer, and the token's key is not known");
			}
		}
		// OpenID Connect Core 1.0 section 10.1: kid may be left out only where there is no choice
		return header.getKeyID() != null || fitting.size() == 1 ? fitting : List.of();
	}

	private static List<VerificationKey> fitting(Known known, JWSHeader header) {
		return known.keys().stream().filter(key -> key.fits(header)).limit(MOST_TRIED).toList();
	}

	private Known load() {
		try {
			return load(JWKSetCacheRefreshEvaluator.noRefresh());
		}
		catch (KeySourceException e) {
			throw new VerifierUnavailableException("No keys have come from the key server: " + server);
		}
	}

	private Known loadNewerThan(Known old) {
		try {
			return load(JWKSetCacheRefreshEvaluator.referenceComparison(old.set()));
		}
		catch (RateLimitReachedException e) {
			return old; // it has just been fetched
		}
		catch (KeySourceException e) {
			throw new VerifierUnavailableException("The key server is slow, and the token's key is not known: " + server);
		}
	}

	private Known load(JWKSetCacheRefreshEvaluator evaluator) throws KeySourceException {
		JWKSet set = sets.getJWKSet(evaluator, steady.millis(), null);
		Known last = known;
		if (last == null || last.set() != set) {
			last = new Known(set, set.getKeys().stream().map(key -> VerificationKey.ofJwk(key, algorithms)).flatMap(Optional::stream)
					.toList());
			known = last;
		}
		return last;
	}

	@Override
	public boolean mayBlock() {
		return true;
	}

	@Override
	public void close() {
		background.shutdownNow();
		try {
			sets.close();
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
