package dev.hawser.connection.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("LockNotBeforeTry") // each test unlocks in the middle, to check the effect of that
class ConnectionLockTests {
	private final ConnectionLock lock = new ConnectionLock();
	private final List<String> log = new ArrayList<>();

	private void task(String name) {
		lock.afterwards(() -> {
			assertThat(lock.isHeldByCurrentThread()).as("the lock while a task runs").isFalse();
			log.add(name);
		});
	}

	@Test
	void runsTasksInOrderAsSoonAsItIsFree() {
		lock.lock();
		task("first");
		task("second");
		assertThat(log).isEmpty();
		lock.unlock();
		assertThat(log).containsExactly("first", "second");
	}

	@Test
	void isFreeOnlyWhenItsThreadHasUnlockedItAsOftenAsLocked() {
		lock.lock();
		lock.lock();
		task("task");
		lock.unlock();
		assertThat(log).isEmpty();
		lock.unlock();
		assertThat(log).containsExactly("task");
	}

	@Test
	void runsWhatATaskHandsOverInItsTurn() {
		lock.lock();
		lock.afterwards(() -> {
			lock.lock();
			task("from within");
			lock.unlock();
			log.add("first");
		});
		task("second");
		lock.unlock();
		assertThat(log).containsExactly("from within", "first", "second");
	}

	@Test
	void runsTheNextTaskWhenOneThrows() {
		lock.lock();
		lock.afterwards(() -> {
			throw new IllegalStateException("expected by this test");
		});
		task("next");
		lock.unlock();
		assertThat(log).containsExactly("next");
	}
}
