package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AckIdsTests {
	private final AckIds ids = new AckIds();

	@Test
	void remembersTheLastThousand() {
		for (long id = 0; id < 1500; id++) {
			assertThat(ids.contains(id)).isFalse();
			ids.add(id);
			assertThat(ids.contains(id)).isTrue();
		}
		assertThat(ids.contains(499)).isFalse();
		assertThat(ids.contains(500)).isTrue();
	}

	@Test
	void isTheSameAgainFromAllItsIds() {
		for (int count : new int[] { 0, 1, 999, 1000, 1001, 2500 }) {
			AckIds before = new AckIds();
			for (long id = 1; id <= count; id++) {
				before.add(-id);
			}
			long[] all = before.all();
			AckIds after = new AckIds();
			for (long id : all) {
				after.add(id);
			}
			assertThat(all).hasSize(Math.min(count, AckIds.MOST)).isEqualTo(after.all());
			assertThat(after.contains(-count)).isEqualTo(count > 0);
			assertThat(after.contains(AckIds.MOST - count)).isFalse();
		}
	}

	@Test
	void agreesWithAQueue() {
		Random random = new Random(3);
		ArrayDeque<Long> model = new ArrayDeque<>();
		for (int i = 0; i < 20_000; i++) {
			long id = random.nextBoolean() ? random.nextLong() : random.nextLong(3000) - 1500;
			assertThat(ids.contains(id)).isEqualTo(model.contains(id));
			if (!model.contains(id)) {
				ids.add(id);
				model.add(id);
				if (model.size() > AckIds.MOST) {
					model.remove();
				}
			}
		}
	}

	@Test
	void knowsTheLargestIds() {
		ids.add(-1);
		assertThat(ids.contains(-1)).isTrue();
		assertThat(ids.contains(0)).isFalse();
		ids.add(0);
		assertThat(ids.contains(0)).isTrue();
	}
}
