package dev.hawser.connection.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BufferPoolTests {

	@Test
	void givesEmptyDirectBuffers() {
		ByteBuffer used = BufferPool.acquire();
		used.position(10).limit(20);
		BufferPool.release(used);
		for (int i = 0; i < 100; i++) {
			ByteBuffer buffer = BufferPool.acquire();
			assertThat(buffer.isDirect()).isTrue();
			assertThat(buffer.position()).isZero();
			assertThat(buffer.limit()).isEqualTo(BufferPool.SIZE);
		}
	}

	@Test
	void givesNoBufferToTwo() {
		Set<ByteBuffer> inUse = Collections.newSetFromMap(new IdentityHashMap<>());
		List<ByteBuffer> all = new ArrayList<>();
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 100; i++) {
				ByteBuffer buffer = BufferPool.acquire();
				assertThat(inUse.add(buffer)).isTrue();
				all.add(buffer);
			}
			all.forEach(BufferPool::release);
			all.clear();
			inUse.clear();
		}
	}
}
