package dev.hawser.connection;

import dev.hawser.testing.ReceivedFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket that takes as many bytes as the test says, and finishes a write when the test says so. */
public final class ScriptedTransport implements Transport {
	private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
	private Runnable onWritten = () -> {
	};
	private Runnable onResume = () -> {
	};
	private @Nullable Receiver receiver;
	private int takes = Integer.MAX_VALUE;
	private boolean broken;
	private ByteBuffer @Nullable [] writing;
	public int flushes;
	public int buffersOfLastWrite;
	int resumes;
	boolean outputShutDown;
	boolean closed;
	boolean reset;
	/** False as long as bytes of the peer are to be read. */
	volatile boolean quiet = true;
	/** A call that a transport must not get in this state; null when there was none. */
	public volatile @Nullable String misuse;

	/** Each flush takes at most this many bytes. */
	public synchronized ScriptedTransport takes(int bytes) {
		takes = bytes;
		return this;
	}

	/** From now on a flush fails, as after a reset by the peer. */
	public synchronized ScriptedTransport breaks() {
		broken = true;
		return this;
	}

	public ScriptedTransport onWritten(Runnable action) {
		onWritten = action;
		return this;
	}

	ScriptedTransport onResume(Runnable action) {
		onResume = action;
		return this;
	}

	@Override
	public void carry(Receiver told) {
		receiver = told;
		onWritten = told::written;
	}

	/** The listener of this transport. */
	public Receiver receiver() {
		return Objects.requireNonNull(receiver);
	}

	/** Lets the socket take everything that was given to {@link #write}. False when there is nothing to take. */
	public boolean finishWrite() {
		synchronized (this) {
			if (writing == null) {
				return false;
			}
			for (ByteBuffer buffer : writing) {
				take(buffer, Integer.MAX_VALUE);
			}
			writing = null;
		}
		onWritten.run();
		return true;
	}

	/** Finishes writes until nothing waits. */
	public void finishWrites() {
		while (finishWrite()) {
			// finishes the next write
		}
	}

	@Override
	public synchronized boolean flush(ByteBuffer... buffers) throws IOException {
		if (writing != null) {
			misuse = "flush during a write";
		}
		checkOpen("flush");
		if (broken) {
			throw new IOException("broken pipe");
		}
		flushes++;
		int left = takes;
		boolean all = true;
		for (ByteBuffer buffer : buffers) {
			left -= take(buffer, left);
			all &= !buffer.hasRemaining();
		}
		return all;
	}

	private int take(ByteBuffer buffer, int most) {
		int count = Math.min(most, buffer.remaining());
		byte[] bytes = new byte[count];
		buffer.get(bytes);
		sent.writeBytes(bytes);
		return count;
	}

	@Override
	public synchronized void write(ByteBuffer... buffers) {
		if (writing != null) {
			misuse = "write during a write";
		}
		checkOpen("write");
		writing = buffers;
		buffersOfLastWrite = buffers.length;
	}

	private void checkOpen(String call) {
		if (outputShutDown || closed) {
			misuse = call + " after the end";
		}
	}

	@Override
	public void resume() {
		synchronized (this) {
			resumes++;
		}
		onResume.run();
	}

	@Override
	public boolean isQuiet() {
		return quiet;
	}

	@Override
	public synchronized void shutdownOutput() {
		if (writing != null) {
			misuse = "shutdown during a write";
		}
		outputShutDown = true;
	}

	@Override
	public synchronized void close() {
		closed = true;
	}

	@Override
	public synchronized void reset() {
		reset = true;
		closed = true;
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return null;
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return null;
	}

	/** What has gone out, whole frames only. */
	public synchronized List<ReceivedFrame> frames() {
		ByteBuffer in = ByteBuffer.wrap(sent.toByteArray());
		List<ReceivedFrame> frames = new ArrayList<>();
		while (in.remaining() >= 2) {
			int first = in.get() & 0xFF;
			int length = in.get() & 0x7F;
			length = length == 126 ? in.getShort() & 0xFFFF : length == 127 ? (int) in.getLong() : length;
			if (in.remaining() < length) {
				return frames;
			}
			byte[] payload = new byte[length];
			in.get(payload);
			frames.add(new ReceivedFrame((first & 0x80) != 0, first >> 4 & 7, first & 15, payload));
		}
		return frames;
	}

	/** The payloads of what has gone out, as text. */
	public List<String> texts() {
		return frames().stream().map(ReceivedFrame::text).toList();
	}

	public synchronized int sentBytes() {
		return sent.size();
	}
}
