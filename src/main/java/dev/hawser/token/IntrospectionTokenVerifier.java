package dev.hawser.token;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the issuer about every token (RFC 7662). Answers are kept for a set time, and never longer than the token is valid; the
 * cache knows tokens by their SHA-256 alone. All who show one token at the same time wait for one request.
 */
final class IntrospectionTokenVerifier implements TokenVerifier {
	/** At a time; more wait, up to the timeout. */
	private static final int MOST_REQUESTS = 64;
	private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(10);

	private final IntrospectionEndpoint endpoint;
	private final ClaimRules rules;
	private final InstantSource clock;
	private final Duration timeout;
	private final Duration cacheTime;
	private final AsyncCache<String, Answer> answers;
	private final Semaphore requests = new Semaphore(MOST_REQUESTS);
	private final ExecutorService threads = Executors
			.newThreadPerTaskExecutor(Thread.ofVirtual().name("hawser-introspection-", 0).factory());

	/** What the issuer said: that the token is good, that it is not, or nothing. */
	private sealed interface Answer {
		record Active(JWTClaimsSet claims) implements Answer {
		}

		record Inactive() implements Answer {
		}

		record None() implements Answer {
		}
	}

	IntrospectionTokenVerifier(IntrospectionEndpoint endpoint, TokenSettings settings, InstantSource clock) {
		this.endpoint = endpoint;
		this.rules = ClaimRules.ofIntrospection(settings, clock);
		this.clock = clock;
		this.timeout = settings.timeout();
		this.cacheTime = settings.introspection().cacheTime();
		this.answers = Caffeine.newBuilder().maximumSize(settings.introspection().cacheSize()).executor(Runnable::run)
				.ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
				.expireAfter(Expiry.<String, Answer>creating((_, answer) -> lifetime(answer))).buildAsync();
	}

	@Override
	public VerifiedToken verify(String token) throws InvalidTokenException {
		if (token.isEmpty() || token.length() > TokenSettings.LONGEST_TOKEN) {
			throw new InvalidTokenException("token-invalid", "The token is malformed.");
		}
		return switch (find(token)) {
			case Answer.Active(JWTClaimsSet claims) -> rules.check(claims);
			case Answer.Inactive() -> throw new InvalidTokenException("token-invalid", "The issuer says that the token is not valid.");
			case Answer.None() -> throw new VerifierUnavailableException("The introspection endpoint does not answer");
		};
	}

	private Answer find(String token) {
		String hash = sha256(token);
		CompletableFuture<Answer> pending = answers.get(hash, (_, _) -> begin(token));
		Answer answer = await(pending);
		if (lifetime(answer).isZero()) {
			answers.asMap().remove(hash, pending); // the cache does so too, but maybe after the next one has come
		}
		return answer;
	}

	private CompletableFuture<Answer> begin(String token) {
		try {
			return CompletableFuture.supplyAsync(() -> ask(token), threads);
		}
		catch (RejectedExecutionException e) {
			return CompletableFuture.completedFuture(new Answer.None()); // closed
		}
	}

	/** Waiting for a turn and the request itself each have the timeout; what goes beyond that is not waited for. */
	private Answer await(CompletableFuture<Answer> answer) {
		try {
			return answer.get(timeout.toMillis() * 3, TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException e) {
			return new Answer.None();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			return new Answer.None();
		}
	}

	private Answer ask(String token) {
		try {
			if (!requests.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				return new Answer.None();
			}
			try {
				return answer(endpoint.ask(token));
			}
			finally {
				requests.release();
			}
		}
		catch (IOException e) {
			return new Answer.None();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			return new Answer.None();
		}
	}

	private static Answer answer(@Nullable JWTClaimsSet claims) {
		return claims == null ? new Answer.Inactive() : new Answer.Active(claims);
	}

	/** Zero is not at all. */
	private Duration lifetime(Answer answer) {
		return switch (answer) {
			case Answer.Active(JWTClaimsSet claims) when claims.getExpirationTime() == null -> cacheTime;
			case Answer.Active(JWTClaimsSet claims) -> shorter(cacheTime,
					Duration.between(clock.instant(), claims.getExpirationTime().toInstant()));
			case Answer.Inactive() -> shorter(cacheTime, LONGEST_REFUSAL);
			case Answer.None() -> Duration.ZERO;
		};
	}

	private static Duration shorter(Duration one, Duration other) {
		Duration shorter = one.compareTo(other) < 0 ? one : other;
		return shorter.isNegative() ? Duration.ZERO : shorter;
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
