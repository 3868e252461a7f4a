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

/** One message of a mebibyte, in one frame or in fragments, that needs many reads; microseconds for the whole message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LargeMessageBenchmark {
	private static final int SIZE = 1 << 20;

	/** Bytes of payload in one frame. */
	@Param({ "1048576", "1000" })
	int fragment = SIZE;
	/** Bytes that one read brings: a buffer, or a record of TLS. */
	@Param({ "65536", "16384" })
	int read = 1 << 16;
	@Param({ "TEXT", "BINARY" })
	Opcode opcode = Opcode.TEXT;
	private ByteBuffer in = ByteBuffer.allocate(0);
	private final MessageReader reader = new MessageReader(SIZE);
	private MessageHandler handler;

	@Setup
	public void fill(Blackhole blackhole) {
		int frames = (SIZE + fragment - 1) / fragment;
		in = ByteBuffer.allocateDirect(SIZE + frames * 14);
		byte[] key = { 0x37, (byte) 0xFA, 0x21, 0x3D };
		for (int frame = 0; frame < frames; frame++) {
			int length = Math.min(fragment, SIZE - frame * fragment);
			in.put((byte) ((frame == frames - 1 ? 0x80 : 0) | (frame == 0 ? opcode.code() : 0)));
			if (length < 126) {
				in.put((byte) (0x80 | length));
			}
			else if (length < 0x10000) {
				in.put((byte) (0x80 | 126)).putShort((short) length);
			}
			else {
				in.put((byte) (0x80 | 127)).putLong(length);
			}
			in.put(key);
			for (int i = 0; i < length; i++) {
				in.put((byte) ('a' + i % 26 ^ key[i % 4]));
			}
		}
		in.flip();
		handler = new ConsumedMessages(blackhole);
	}

	@Benchmark
	public void read() throws ProtocolException {
		int end = in.limit();
		in.rewind();
		while (in.position() < end) {
			in.limit(Math.min(end, in.position() + read));
			reader.read(in, handler);
		}
		in.limit(end);
	}
}
