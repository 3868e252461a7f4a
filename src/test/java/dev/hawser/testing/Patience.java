package dev.hawser.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every test wait up to a minute for an expected event: only a failing test waits that long, and a busy machine may need it.
 * It looks at once, again after a few milliseconds, and then less and less often.
 */
public final class Patience implements BeforeAllCallback {
	private static final Duration FIRST = Duration.ofMillis(5);
	private static final Duration LONGEST = Duration.ofMillis(100);

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.doNotCatchUncaughtExceptionsByDefault(); // they may be those of another class that runs beside this one
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
		Awaitility.setDefaultPollDelay(Duration.ZERO);
		Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(Patience::longer, FIRST));
	}

	private static Duration longer(Duration before) {
		Duration twice = before.multipliedBy(2);
		return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
	}
}
