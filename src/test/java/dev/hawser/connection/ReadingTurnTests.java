package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.ReadingTurn.Resumption;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The order in which a read, the callbacks that it starts, and another socket can come and go. */
class ReadingTurnTests {
	private final ReadingTurn turn = new ReadingTurn();

	private static ByteBuffer bytes() {
		return ByteBuffer.wrap(new byte[] { 1, 2 });
	}

	/** The client has its answer, and comes back, before the thread that has read its request is done. */
	@Test
	void comesWhenTheCallbacksAreOverBeforeThereIsAnotherSocket() {
		assertThat(turn.begin(bytes())).isTrue();
		assertThat(turn.resume()).as("the callbacks are over").isEqualTo(Resumption.READ_ON);
		assertThat(turn.next(true)).as("the read is not").isFalse();
		assertThat(turn.begin(bytes())).isFalse();
		assertThat(turn.endOfEarlier(false)).as("now it is").isTrue();
		assertThat(turn.take(true)).isTrue();
		assertThat(turn.takeEarly()).isEqualTo(bytes());
	}

	@Test
	void comesWhenTheCallbacksAreOverBeforeTheRead() {
		assertThat(turn.begin(bytes())).isTrue();
		assertThat(turn.next(false)).isFalse();
		assertThat(turn.resume()).isEqualTo(Resumption.NEXT_TURN);
		assertThat(turn.take(true)).as("the read is not over").isFalse();
		assertThat(turn.endOfEarlier(false)).isTrue();
		assertThat(turn.take(true)).isTrue();
	}

	@Test
	void comesWhenTheReadIsOverBeforeTheCallbacks() {
		assertThat(turn.begin(bytes())).isTrue();
		assertThat(turn.next(false)).isFalse();
		assertThat(turn.endOfEarlier(false)).as("the callbacks are not over").isFalse();
		assertThat(turn.resume()).isEqualTo(Resumption.NEXT_TURN);
		assertThat(turn.take(true)).isTrue();
	}

	/** What the read before has left behind does not count for the next one. */
	@Test
	void doesNotComeBeforeTheCallbacksOfTheLastReadAreOver() {
		assertThat(turn.begin(bytes())).isTrue();
		assertThat(turn.resume()).isEqualTo(Resumption.READ_ON);
		turn.end(false);
		assertThat(turn.begin(bytes())).isTrue();
		assertThat(turn.next(false)).isFalse();
		assertThat(turn.endOfEarlier(false)).isFalse();
	}
}
