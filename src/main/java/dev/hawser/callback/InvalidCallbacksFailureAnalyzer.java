package dev.hawser.callback;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Turns an {@link InvalidCallbacksException} into Spring Boot's report of a failed start. */
final class InvalidCallbacksFailureAnalyzer extends AbstractFailureAnalyzer<InvalidCallbacksException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidCallbacksException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
	}
}
