package dev.hawser.callback;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence what is wrong with the declared callbacks. */
final class InvalidCallbacksFailureAnalyzer extends AbstractFailureAnalyzer<InvalidCallbacksException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidCallbacksException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
	}
}
