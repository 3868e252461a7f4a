package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Writing one frame into a buffer, header and payload. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameEncoderBenchmark {
	@Param({ "128", "16384" })
	int size;
	private OutgoingFrame frame = OutgoingFrame.text("");
	private String text = "";
	private ByteBuffer out = ByteBuffer.allocate(0);

	@Setup
	public void fill() {
		text = "x".repeat(size);
		frame = OutgoingFrame.text(text);
		out = ByteBuffer.allocateDirect(frame.size());
	}

	/** A frame that exists already, as in a broadcast. */
	@Benchmark
	public ByteBuffer write() {
		frame.writeTo(out.clear());
		return out;
	}

	/** From the application's string to the wire. */
	@Benchmark
	public ByteBuffer encodeAndWrite() {
		OutgoingFrame.text(text).writeTo(out.clear());
		return out;
	}
}
