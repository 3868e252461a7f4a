package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.ReadsLog;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;

@ReadsLog
class FailureLogTests {
	private final AtomicLong clock = new AtomicLong(7);
	private final FailureLog log = new FailureLog(LoggerFactory.getLogger(FailureLogTests.class), clock::get);

	@Test
	void logsAFewAndTheNumberOfTheRest(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			log.error("failure " + i, new IllegalStateException("cause " + i));
		}
		assertThat(output).contains("failure 0", "cause 29").doesNotContain("failure 30", "cause 30");
		clock.addAndGet(10_000_000_000L);
		log.error("later");
		assertThat(output).contains("970 more failures", "later");
	}

	@Test
	void logsEveryFailureWhereThereAreFew(CapturedOutput output) {
		for (int i = 0; i < 50; i++) {
			log.error("rare " + i);
			clock.addAndGet(5_000_000_000L);
		}
		assertThat(output).contains("rare 0", "rare 49").doesNotContain("more failures");
	}
}
