package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFileTests {
	@TempDir
	private Path folder;

	/** It frees the space of old values at once, and a change that has begun on them would not find them any more. */
	@Test
	void doesNotCommitWhileAChangeIsUnderWay() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		try (StoreFile file = new StoreFile(folder, "test.mv", _ -> {
		})) {
			MVMap<String, byte[]> values = file.values("values", StringDataType.INSTANCE);
			Thread slow = Thread.ofVirtual().start(() -> {
				CompletableFuture<Void> _ = file.change(() -> {
					begun.countDown();
					awaitQuietly(goOn);
					values.put("slow", new byte[1]);
				});
			});
			begun.await();
			CompletableFuture<Void> quick = file.change(() -> values.put("quick", new byte[1]));
			assertThatThrownBy(() -> quick.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
			goOn.countDown();
			quick.get(1, TimeUnit.MINUTES);
			slow.join();
			assertThat(file.isBroken()).isFalse();
		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}
}
