package dev.hawser.connection.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who must let go of memory, and when. */
class MemoryBudgetTests {
	private static final long MOST = 1000;
	private static final long LATER = Relief.PATIENCE.toNanos() + TimeUnit.MINUTES.toNanos(10);

	private final MemoryBudget budget = new MemoryBudget(MOST);
	private final List<String> letGo = new ArrayList<>();

	/** Lets go of everything when it must. */
	private final class Client implements MemoryBudget.Holder {
		private final String name;
		private final MemoryBudget.Account account = budget.open(this);
		private long has;

		Client(String name, long bytes) {
			this.name = name;
			takes(bytes);
		}

		void takes(long bytes) {
			has += bytes;
			account.add(bytes);
		}

		@Override
		public void letGo() {
			letGo.add(name);
			takes(-has);
			account.close();
		}
	}

	private void relieve() {
		budget.relief().relieve(System.nanoTime());
	}

	@Test
	void isTightAboveThreeQuarters() {
		Client client = new Client("a", 750);
		assertThat(budget.isTight()).isFalse();
		client.takes(1);
		assertThat(budget.isTight()).isTrue();
		assertThat(budget.isSpent()).isFalse();
		client.takes(249);
		assertThat(budget.isSpent()).isFalse();
		client.takes(1);
		assertThat(budget.isSpent()).isTrue();
		assertThat(budget.held()).isEqualTo(1001);
	}

	@Test
	void makesThoseWithMostLetGoUntilTheOthersFit() {
		new Client("small", 300);
		new Client("middle", 400);
		new Client("big", 500);
		new Client("biggest", 600);
		relieve();
		assertThat(letGo).containsExactly("biggest", "big");
		assertThat(budget.held()).isEqualTo(700);
		assertThat(budget.ended()).isEqualTo(2);
	}

	@Test
	void letsTightMemoryBeForAWhile() {
		new Client("small", 300);
		new Client("big", 600);
		relieve();
		assertThat(letGo).isEmpty();
		budget.relief().relieve(System.nanoTime() + LATER);
		assertThat(letGo).containsExactly("big");
	}

	@Test
	void waitsAnewWhenMemoryIsTightAgain() {
		Client client = new Client("a", 800);
		client.takes(-200);
		budget.relief().relieve(System.nanoTime() + LATER);
		client.takes(200);
		relieve();
		assertThat(letGo).isEmpty();
	}

	/** A callback may still use the memory of a connection that was ended. */
	@Test
	void doesNotEndOthersForWhatIsLeaving() {
		MemoryBudget.Account held = budget.open(() -> letGo.add("held by a callback"));
		held.add(900);
		new Client("small", 200);
		relieve();
		relieve();
		assertThat(letGo).containsExactly("held by a callback");
		assertThat(budget.isSpent()).as("it is held all the same").isTrue();
		held.close();
		held.add(-900);
		assertThat(budget.held()).isEqualTo(200);
		assertThat(budget.accounts()).hasSize(1);
	}

	@Test
	void findsTheBiggestAmongMany() {
		for (int i = 0; i < 5000; i++) {
			new Client("small " + i, i == 4321 ? 2 : 1);
		}
		relieve();
		assertThat(letGo).hasSize(4000).first().isEqualTo("small 4321");
		assertThat(budget.held()).isEqualTo(MOST);
	}

	@Test
	void survivesAHolderThatThrows() {
		budget.open(() -> {
			throw new IllegalStateException("thrown on purpose");
		}).add(900);
		new Client("small", 800);
		relieve();
		assertThat(letGo).isEmpty();
		new Client("next", 900);
		relieve();
		assertThat(letGo).containsExactly("next");
	}

	@Test
	void countsSharedBytesOnce() {
		OutgoingFrame frame = OutgoingFrame.forMany(Opcode.BINARY, new byte[100]);
		MemoryBudget.Account first = budget.open(() -> letGo.add("first"));
		MemoryBudget.Account second = budget.open(() -> letGo.add("second"));
		first.add(frame);
		second.add(frame);
		assertThat(budget.held()).isEqualTo(frame.size());
		assertThat(first.bytes()).isEqualTo(second.bytes()).isEqualTo(frame.size());
		first.remove(frame);
		assertThat(budget.held()).isEqualTo(frame.size());
		second.remove(frame);
		assertThat(budget.held()).isZero();
	}

	@Test
	void startsByItself() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		try (MemoryBudget watched = new MemoryBudget(MOST).start()) {
			MemoryBudget.Account account = watched.open(asked::countDown);
			account.add(MOST);
			account.add(1);
			assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void endsAtExactlyNothing() throws Exception {
		OutgoingFrame shared = OutgoingFrame.forMany(Opcode.BINARY, new byte[100]);
		List<MemoryBudget.Account> accounts = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			accounts.add(budget.open(() -> {
			}));
		}
		Together.run(8, number -> {
			Random random = new Random(number);
			for (int round = 0; round < 5000; round++) {
				MemoryBudget.Account account = accounts.get(random.nextInt(accounts.size()));
				int bytes = random.nextInt(1, 100);
				account.add(bytes);
				account.add(shared);
				if (round == 2500) {
					account.close();
				}
				account.add(-bytes);
				account.remove(shared);
			}
		});
		assertThat(budget.held()).isZero();
		accounts.forEach(MemoryBudget.Account::close);
		assertThat(budget.accounts()).isEmpty();
	}
}
