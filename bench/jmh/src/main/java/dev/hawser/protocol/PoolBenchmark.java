package dev.hawser.protocol;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Taking an object of a pool, using it for a moment and giving it back, with {@code -t} threads; nanoseconds for each thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PoolBenchmark {
	private static final int KEPT = 64;
	/** About as long as unmasking a small message takes. */
	private static final int USE = 20;

	private final Pool<byte[]> pool = new Pool<>(KEPT, () -> new byte[64]);
	private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(KEPT);

	@Benchmark
	public void none() {
		Blackhole.consumeCPU(USE);
	}

	@Benchmark
	public void pool() {
		byte[] taken = pool.take();
		Blackhole.consumeCPU(USE);
		pool.give(taken);
	}

	@Benchmark
	public void arrayBlockingQueue() {
		byte[] free = queue.poll();
		byte[] taken = free == null ? new byte[64] : free;
		Blackhole.consumeCPU(USE);
		queue.offer(taken);
	}
}
