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
import org.openjdk.jmh.infra.Blackhole;

/** One buffer as it comes from the socket, read into messages; nanoseconds for the whole buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageReaderBenchmark {
	/** What the client sends. */
	public enum Buffer {
		FRAMES_16_OF_128_BYTES(16, 128), FRAME_OF_16_KIB(1, 16 * 1024);

		final int frames;
		final int size;

		Buffer(int frames, int size) {
			this.frames = frames;
			this.size = size;
		}
	}

	@Param
	Buffer buffer = Buffer.FRAME_OF_16_KIB;
	@Param({ "TEXT", "BINARY" })
	Opcode opcode = Opcode.TEXT;
	/** Whether the buffer is direct, as Jetty's buffers are by default. */
	@Param("true")
	boolean direct;
	private ByteBuffer in = ByteBuffer.allocate(0);
	private final MessageReader reader = new MessageReader(1 << 20);
	private MessageHandler handler;

	@Setup
	public void fill(Blackhole blackhole) {
		int capacity = buffer.frames * (buffer.size + 14);
		in = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
		byte[] key = { 0x37, (byte) 0xFA, 0x21, 0x3D };
		for (int frame = 0; frame < buffer.frames; frame++) {
			in.put((byte) (0x80 | opcode.code()));
			if (buffer.size < 126) {
				in.put((byte) (0x80 | buffer.size));
			}
			else {
				in.put((byte) (0x80 | 126)).putShort((short) buffer.size);
			}
			in.put(key);
			for (int i = 0; i < buffer.size; i++) {
				in.put((byte) ('a' + i % 26 ^ key[i % 4]));
			}
		}
		in.flip();
		handler = new ConsumedMessages(blackhole);
	}

	@Benchmark
	public void read() throws ProtocolException {
		reader.read(in.rewind(), handler);
	}
}
