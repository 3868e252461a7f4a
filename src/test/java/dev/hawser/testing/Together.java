package dev.hawser.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs several clients at the same time. */
public final class Together {
	private Together() {
	}

	/** What one client does. */
	@FunctionalInterface
	public interface Task {
		void run(int number) throws Exception;
	}

	/** Runs the task {@code count} times at once, numbered from 0; throws what the first one that failed threw. */
	public static void run(int count, Task task) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				int number = i;
				all.add(threads.submit(() -> {
					task.run(number);
					return null;
				}));
			}
			for (Future<?> one : all) {
				one.get(10, TimeUnit.MINUTES);
			}
		}
	}
}
