package dev.hawser.protocol;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Unmasking one payload, compared with the loop of RFC 6455 section 5.3. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskingBenchmark {
	@Param({ "16", "128", "16384" })
	int size;
	private byte[] payload = {};
	private int mask = 0x37FA213D;

	@Setup
	public void fill() {
		payload = new byte[size];
	}

	@Benchmark
	public byte hawser() {
		return Masking.unmask(payload, 0, payload.length, mask);
	}

	@Benchmark
	public byte naive() {
		byte[] key = { (byte) (mask >> 24), (byte) (mask >> 16), (byte) (mask >> 8), (byte) mask };
		byte seen = 0;
		for (int i = 0; i < payload.length; i++) {
			payload[i] ^= key[i % 4];
			seen |= payload[i];
		}
		return seen;
	}
}
