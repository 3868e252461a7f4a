package dev.hawser.connection.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** How fast a client may send, when the process or the clock does not run evenly. */
class RateTests {
	private static final LimitSettings LIMITS = new LimitSettings(0, 0, 0, 0, 0, 100, DataSize.ofBytes(1000),
			LimitSettings.OverRatePolicy.CLOSE, 1000);

	@Test
	void allowsASecondAtOnceAndNoMore() {
		Rate rate = new Rate(LIMITS, 0);
		assertThat(rate.take(100, 1000, 0)).isZero();
		assertThat(rate.take(100, 0, 0)).isPositive();
	}

	@Test
	void allowsAfterAPauseWhatWasAllowedMeanwhile() {
		Rate rate = new Rate(LIMITS, 5000);
		assertThat(rate.take(100, 1000, 5000)).isZero();
		assertThat(rate.take(3000, 30_000, 35_000)).as("half a minute later").isZero();
		assertThat(rate.take(1000, 0, 35_000)).as("counted once").isPositive();
	}

	/** Set back by an hour, the wall clock would stop the refill for an hour. */
	@Test
	void doesNotLookAtTheWallClock() {
		assertThat(((LocalBucket) Rate.perSecond(1)).getTimeMeter()).isSameAs(TimeMeter.SYSTEM_NANOTIME);
	}
}
