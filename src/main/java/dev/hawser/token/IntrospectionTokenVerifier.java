package dev.hawser.token;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the issuer about every token (RFC 7662). Answers are cached for the configured time, but never longer than the token is
 * valid. The cache stores the SHA-256 of a token, never the token. Handshakes that present the same token at the same time share
 * one request.
 */
final class IntrospectionTokenVerifier implements TokenVerifier {
	/** Requests that run at the same time; further ones wait, up to the timeout. */
	private static final int MOST_REQUESTS = IssuerClient.MOST_CONNECTIONS;
	private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(10);

	private final IntrospectionEndpoint endpoint;
	private final ClaimRules rules;
	private final InstantSource clock;
	private final InstantSource steady;
	private final Duration timeout;
	private final Duration cacheTime;
	private final AsyncCache<String, Answer> answers;
	private final Semaphore requests = new Semaphore(MOST_REQUESTS);
	private final ExecutorService threads = Executors
			.newThreadPerTaskExecutor(Thread.ofVirtual().name("hawser-introspection-", 0).factory());

	/**
	 * What the issuer said about a token: active, not active, or no answer. At the end, a time of the steady clock, the issuer is
	 * asked again.
	 */
	private sealed interface Answer {
		Instant end();

		record Active(Claims claims, Instant end) implements Answer {
		}

		record Inactive(Instant end) implements Answer {
		}

		record None(Instant end) implements Answer {
		}
	}

	/** Keeps an answer until its end. Counts from the time that the cache passes in, since the clock has moved on after that. */
	private static final class AtItsEnd implements Expiry<String, Answer> {
		@Override
		public long expireAfterCreate(String hash, Answer answer, long now) {
			return Math.max(TimeUnit.MILLISECONDS.toNanos(answer.end().toEpochMilli()), now) - now;
		}

		@Override
		public long expireAfterUpdate(String hash, Answer answer, long now, long left) {
			return expireAfterCreate(hash, answer, now);
		}

		@Override
		public long expireAfterRead(String hash, Answer answer, long now, long left) {
			return left;
		}
	}

	/**
	 * @param clock  for the times in tokens
	 * @param steady for the time that answers are kept
	 */
	IntrospectionTokenVerifier(IntrospectionEndpoint endpoint, TokenSettings settings, InstantSource clock, InstantSource steady) {
		this.endpoint = endpoint;
		this.rules = ClaimRules.ofIntrospection(settings, clock);
		this.clock = clock;
		this.steady = steady;
		this.timeout = settings.timeout();
		this.cacheTime = settings.introspection().cacheTime();
		this.answers = Caffeine.newBuilder().maximumSize(settings.introspection().cacheSize()).executor(Runnable::run)
				.ticker(() -> TimeUnit.MILLISECONDS.toNanos(steady.millis())).expireAfter(new AtItsEnd()).buildAsync();
	}

	@Override
	public VerifiedToken verify(String token) throws InvalidTokenException {
		if (!canBeToken(token)) {
			throw new InvalidTokenException("token-invalid", "The token is malformed.");
		}
		return switch (find(token)) {
			case Answer.Active(Claims claims, _) -> rules.check(claims);
			case Answer.Inactive _ -> throw new InvalidTokenException("token-invalid", "The issuer says that the token is not valid.");
			case Answer.None _ -> throw new VerifierUnavailableException("The introspection endpoint does not answer");
		};
	}

	/**
	 * Whether the token is printable ASCII (RFC 6749 appendix A.12). Asked about anything else, issuers answer with errors that
	 * look like an outage.
	 */
	private static boolean canBeToken(String token) {
		return !token.isEmpty() && token.length() <= TokenSettings.LONGEST_TOKEN
				&& token.chars().allMatch(character -> character >= ' ' && character <= '~');
	}

	private Answer find(String token) {
		String hash = sha256(token);
		CompletableFuture<Answer> known = answers.getIfPresent(hash);
		if (known != null && known.isDone() && !isGood(known)) {
			answers.asMap().remove(hash, known); // the cache removes it as well, but only after the waiting handshakes have their answer
		}
		return await(answers.get(hash, (_, _) -> begin(token)));
	}

	private boolean isGood(Future<Answer> known) {
		return known.state() == Future.State.SUCCESS && steady.instant().isBefore(known.resultNow().end());
	}

	private CompletableFuture<Answer> begin(String token) {
		try {
			return CompletableFuture.supplyAsync(() -> ask(token), threads);
		}
		catch (RejectedExecutionException e) {
			return CompletableFuture.completedFuture(none()); // closed
		}
	}

	/** Waits for the answer, at most three times the timeout: the wait for a free slot and the request each have one. */
	private Answer await(CompletableFuture<Answer> answer) {
		try {
			return answer.get(timeout.toMillis() * 3, TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException e) {
			return none();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			return none();
		}
	}

	private Answer ask(String token) {
		try {
			if (!requests.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				return none();
			}
			try {
				return answer(endpoint.ask(token));
			}
			finally {
				requests.release();
			}
		}
		catch (IOException e) {
			return none();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			return none();
		}
	}

	private Answer answer(@Nullable Claims claims) {
		if (claims == null) {
			return new Answer.Inactive(after(cacheTime, LONGEST_REFUSAL));
		}
		Instant expiry = claims.expiresAt();
		return new Answer.Active(claims, after(cacheTime, expiry == null ? cacheTime : Duration.between(clock.instant(), expiry)));
	}

	/** The steady clock's time after the shorter of two times. */
	private Instant after(Duration one, Duration other) {
		return steady.instant().plus(one.compareTo(other) < 0 ? one : other);
	}

	/** The answer when the issuer said nothing; it is not cached. */
	private Answer none() {
		return new Answer.None(steady.instant());
	}

	private static String sha256(String token) {
		try {
			return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every JDK has SHA-256", e);
		}
	}

	@Override
	public void close() {
		threads.shutdownNow();
		endpoint.close();
	}
}
