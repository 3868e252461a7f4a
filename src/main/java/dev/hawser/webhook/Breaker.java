package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;

/**
 * Stops calls to a backend of which half have failed lately, so that a backend in trouble does not get all calls at once.
 * After a second a few calls are let through. When these succeed, all are let through again.
 */
final class Breaker {
	private static final CircuitBreakerConfig RULES = CircuitBreakerConfig.custom().slidingWindowType(SlidingWindowType.TIME_BASED)
			.slidingWindowSize(10).minimumNumberOfCalls(20).failureRateThreshold(50).waitDurationInOpenState(Duration.ofSeconds(1))
			.permittedNumberOfCallsInHalfOpenState(5).maxWaitDurationInHalfOpenState(Duration.ofSeconds(10)).build();

	private final CircuitBreaker breaker;

	Breaker(String name) {
		this.breaker = CircuitBreaker.of(name, RULES);
	}

	/** A call to the backend. */
	@FunctionalInterface
	interface Call {
		Answer answer() throws NoAnswerException, InterruptedException;
	}

	/** Makes the call, or throws at once while the breaker is open. */
	Answer pass(Call call) throws NoAnswerException, InterruptedException {
		if (!breaker.tryAcquirePermission()) {
			throw new NoAnswerException(Reason.OPEN, "half of the last calls to it have failed");
		}
		long start = breaker.getCurrentTimestamp();
		try {
			Answer answer = call.answer();
			if (answer.isPassingFailure()) {
				breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(),
						new NoAnswerException(Reason.STATUS, "it answers " + answer.status()));
			}
			else {
				breaker.onSuccess(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit());
			}
			return answer;
		}
		catch (NoAnswerException e) {
			breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), e);
			throw e;
		}
		catch (InterruptedException | RuntimeException e) {
			breaker.releasePermission();
			throw e;
		}
	}

	/** Whether calls are stopped. */
	boolean isOpen() {
		return breaker.getState() == CircuitBreaker.State.OPEN;
	}
}
