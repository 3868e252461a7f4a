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
