package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** One compressed text message in one frame; nanoseconds for the whole message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CompressedMessageBenchmark {
	/** Number of earlier messages, so that a shared window is full. */
	private static final int EARLIER = 40;

	/** Chars of the message. */
	@Param({ "200", "16384", "1000000" })
	int size = 200;
	/** Whether messages share a window. */
	@Param({ "false", "true" })
	boolean takesOver;
	private ByteBuffer in = ByteBuffer.allocate(0);
	private MessageReader reader = new MessageReader(1 << 20);
	private MessageHandler handler;

	@Setup
	public void fill(Blackhole blackhole) throws ProtocolException {
		handler = new ConsumedMessages(blackhole);
		reader = new MessageReader(1 << 20, new PerMessageDeflate(false, takesOver), 1 << 20);
		StringBuilder text = new StringBuilder();
		for (int i = 0; text.length() < size; i++) {
			text.append("{\"id\":").append(i).append(",\"name\":\"").append(Integer.toHexString(i * 0x9E3779B9)).append("\"}");
		}
		text.setLength(size);
		// does not refer to earlier messages, so that it can be read again and again in either mode
		byte[] deflated = deflated(text.toString().getBytes(StandardCharsets.UTF_8));
		in = ByteBuffer.allocateDirect(deflated.length + 14);
		in.put((byte) 0xC1);
		if (deflated.length < 126) {
			in.put((byte) (0x80 | deflated.length));
		}
		else if (deflated.length < 0x10000) {
			in.put((byte) (0x80 | 126)).putShort((short) deflated.length);
		}
		else {
			in.put((byte) (0x80 | 127)).putLong(deflated.length);
		}
		in.putInt(0).put(deflated).flip();
		for (int i = 0; i < EARLIER * 1024 / size; i++) {
			read();
		}
	}

	private static byte[] deflated(byte[] message) {
		try (Deflater deflater = new Deflater(6, true)) {
			deflater.setInput(message);
			byte[] out = new byte[message.length + 100];
			return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4);
		}
	}

	@Benchmark
	public void read() throws ProtocolException {
		reader.read(in.rewind(), handler);
	}

	@TearDown
	public void end() {
		reader.end();
	}
}
