package dev.hawser.connection.execution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrackRecordTests {
	private static final long SECOND = 1_000_000_000L;

	private final TrackRecord record = new TrackRecord();
	private long now = 17 * SECOND;

	private void second(int calls, int longOnes, int slowOnes) {
		record.calls(calls);
		for (int i = 0; i < longOnes; i++) {
			record.took(TrackRecord.LONG_NANOS + 1);
		}
		for (int i = 0; i < slowOnes; i++) {
			record.took(TrackRecord.SLOW_NANOS + 1);
		}
		now += SECOND;
		record.judge(now);
	}

	private void goodSeconds(int count) {
		for (int i = 0; i < count; i++) {
			record.took(TrackRecord.LONG_NANOS);
			second(TrackRecord.ENOUGH, 0, 0);
		}
	}

	/** Good seconds until the record is good; more than a minute of them is none. */
	private int secondsUntilGood() {
		for (int i = 0; i < 2_000; i++) {
			if (record.isGood()) {
				return i;
			}
			goodSeconds(1);
		}
		throw new AssertionError("never good");
	}

	@Test
	void isGoodAfterManyShortCallsInARow() {
		goodSeconds(TrackRecord.GOOD_SECONDS - 1);
		assertThat(record.isGood()).isFalse();
		goodSeconds(1);
		assertThat(record.isGood()).isTrue();
	}

	@Test
	void learnsNothingFromFewCalls() {
		for (int i = 0; i < 100; i++) {
			second(TrackRecord.ENOUGH - 1, 0, 0);
		}
		assertThat(record.isGood()).isFalse();
		goodSeconds(TrackRecord.GOOD_SECONDS);
		second(1, 0, 0);
		second(0, 0, 0);
		assertThat(record.isGood()).as("after seconds with few calls").isTrue();
	}

	@Test
	void toleratesThatAThreadLosesItsProcessor() {
		int calls = 10_000;
		for (int i = 0; i < TrackRecord.GOOD_SECONDS; i++) {
			second(calls, calls / TrackRecord.LONG_IN - calls / TrackRecord.SLOW_IN, calls / TrackRecord.SLOW_IN);
		}
		assertThat(record.isGood()).isTrue();
		for (int i = 0; i < TrackRecord.REPLACED; i++) {
			record.wasReplaced();
			record.cameBack(TrackRecord.AWAY_NANOS);
		}
		goodSeconds(1);
		assertThat(record.isGood()).isTrue();
	}

	@Test
	void isNotGoodWithManyLongCalls() {
		goodSeconds(TrackRecord.GOOD_SECONDS);
		second(10_000, 10_000 / TrackRecord.LONG_IN + 1, 0);
		assertThat(record.isGood()).isFalse();
		assertThat(secondsUntilGood()).isEqualTo(TrackRecord.GOOD_SECONDS);
	}

	@Test
	void isNotGoodWithSlowCalls() {
		goodSeconds(TrackRecord.GOOD_SECONDS);
		second(10_000, 0, 10_000 / TrackRecord.SLOW_IN + 1);
		assertThat(record.isGood()).isFalse();
	}

	@Test
	void isBadForALongerTimeAfterEachCallThatWaited() {
		int[] penalties = { 10, 20, 40, 80, 160, 320, 600, 600 };
		for (int penalty : penalties) {
			secondsUntilGood();
			record.waited(now);
			record.waited(now); // on another selector
			assertThat(record.isGood()).isFalse();
			assertThat(secondsUntilGood()).as("the time after a call that waited").isEqualTo(penalty);
		}
		now += TrackRecord.LONGEST_PENALTY_NANOS + TrackRecord.LONGEST_PENALTY_NANOS;
		goodSeconds(1);
		record.waited(now);
		assertThat(secondsUntilGood()).as("the time after a call that waited, long after the others").isEqualTo(10);
	}

	@Test
	void isBadAfterACallThatWasAwayForLong() {
		goodSeconds(TrackRecord.GOOD_SECONDS);
		record.wasReplaced();
		assertThat(record.isGood()).isTrue();
		record.cameBack(TrackRecord.AWAY_NANOS + 1);
		assertThat(record.isGood()).isFalse();
	}

	@Test
	void isBadAfterSeveralReplacementsInASecond() {
		goodSeconds(TrackRecord.GOOD_SECONDS);
		for (int i = 0; i <= TrackRecord.REPLACED; i++) {
			record.wasReplaced();
		}
		second(TrackRecord.ENOUGH, 0, 0);
		assertThat(record.isGood()).isFalse();
	}
}
