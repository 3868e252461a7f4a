package dev.hawser.webhook;

import dev.hawser.webhook.UnrulyBackend.Exchange;
import dev.hawser.webhook.UnrulyBackend.Line;
import dev.hawser.webhook.UnrulyBackend.Sending;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 (RFC 9113) to a backend that misbehaves. It reads of a request only the body, keeps to the client's flow
 * control, and sends its headers as literals.
 */
final class UnrulyHttp2 implements Line {
	private static final int DATA = 0;
	private static final int HEADERS = 1;
	private static final int RST_STREAM = 3;
	private static final int SETTINGS = 4;
	private static final int PING = 6;
	private static final int WINDOW_UPDATE = 8;
	private static final int END_STREAM = 1;
	private static final int ACK = 1;
	private static final int END_HEADERS = 4;
	private static final int REFUSED_STREAM = 7;
	private static final int LARGEST_FRAME = 16_384;
	private static final byte[] NONE = new byte[0];

	private final Socket socket;
	private final DataInputStream in;
	private final Consumer<Exchange> taker;
	private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
	private final ReentrantLock lock = new ReentrantLock();
	private final Condition changed = lock.newCondition();
	private long window = 65_535;
	private long streamWindow = 65_535;
	private volatile boolean silent;
	/** What is sent together; null in between. */
	private @Nullable ByteArrayOutputStream gathered;
	private final CountDownLatch heard = new CountDownLatch(1);

	UnrulyHttp2(Socket socket, InputStream in, Consumer<Exchange> taker) {
		this.socket = socket;
		this.in = new DataInputStream(in);
		this.taker = taker;
	}

	/** Ends when the client hangs up. */
	void serve() throws IOException, InterruptedException {
		in.skipNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
		send(SETTINGS, 0, 0, NONE);
		send(WINDOW_UPDATE, 0, 0, number(1 << 30));
		try {
			while (!silent) {
				int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
				int type = in.readUnsignedByte();
				int flags = in.readUnsignedByte();
				int id = in.readInt() & Integer.MAX_VALUE;
				take(type, flags, id, in.readNBytes(length));
			}
			new CountDownLatch(1).await();
		}
		catch (EOFException e) {
			// the client has hung up
		}
		finally {
			streams.values().forEach(stream -> end(stream));
		}
	}

	private void take(int type, int flags, int id, byte[] payload) throws IOException {
		if (type == HEADERS || type == DATA) {
			Stream stream = streams.computeIfAbsent(id, Stream::new);
			if (type == DATA) {
				stream.body.writeBytes(payload);
			}
			if ((flags & END_STREAM) != 0) {
				taker.accept(stream);
			}
		}
		else if (type == RST_STREAM && streams.get(id) != null) {
			end(streams.get(id));
		}
		else if (type == SETTINGS && (flags & ACK) == 0) {
			for (ByteBuffer each = ByteBuffer.wrap(payload); each.remaining() >= 6;) {
				if (each.getShort() == 4) {
					streamWindow = each.getInt();
				}
				else {
					each.getInt();
				}
			}
			send(SETTINGS, ACK, 0, NONE);
		}
		else if (type == PING) {
			if ((flags & ACK) == 0) {
				send(PING, ACK, 0, payload);
			}
			else {
				heard.countDown();
			}
		}
		else if (type == WINDOW_UPDATE) {
			opened(id, ByteBuffer.wrap(payload).getInt());
		}
	}

	private void opened(int id, int by) {
		lock.lock();
		try {
			if (id == 0) {
				window += by;
			}
			else if (streams.get(id) != null) {
				streams.get(id).window += by;
			}
			changed.signalAll();
		}
		finally {
			lock.unlock();
		}
	}

	private void end(Stream stream) {
		lock.lock();
		try {
			stream.ended = true;
			changed.signalAll();
		}
		finally {
			lock.unlock();
		}
	}

	private void send(int type, int flags, int id, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
		frame.put((byte) (payload.length >> 16)).putShort((short) payload.length).put((byte) type).put((byte) flags).putInt(id)
				.put(payload);
		lock.lock();
		try {
			if (gathered != null && id != 0) {
				gathered.writeBytes(frame.array());
			}
			else if (!silent) {
				socket.getOutputStream().write(frame.array());
			}
		}
		finally {
			lock.unlock();
		}
	}

	private static byte[] number(int value) {
		return ByteBuffer.allocate(4).putInt(value).array();
	}

	@Override
	public void reset() throws IOException {
		if (!socket.isClosed()) {
			socket.setSoLinger(true, 0);
			socket.close();
		}
	}

	@Override
	public void fallSilent() throws InterruptedException {
		silent = true;
		new CountDownLatch(1).await();
	}

	@Override
	public void awaitRead() throws IOException, InterruptedException {
		send(PING, 0, 0, new byte[8]);
		heard.await();
	}

	@Override
	public void gather(Sending sending) throws IOException, InterruptedException {
		gathered = new ByteArrayOutputStream();
		sending.send();
		lock.lock();
		try {
			socket.getOutputStream().write(gathered.toByteArray());
			gathered = null;
		}
		finally {
			lock.unlock();
		}
	}

	/** Data on the stream that is the connection itself. */
	@Override
	public void talkNonsense() throws IOException {
		send(DATA, 0, 0, new byte[] { 1 });
	}

	private final class Stream implements Exchange {
		private final int id;
		private final ByteArrayOutputStream body = new ByteArrayOutputStream();
		private long window = streamWindow;
		private boolean ended;

		Stream(int id) {
			this.id = id;
		}

		@Override
		public Line line() {
			return UnrulyHttp2.this;
		}

		@Override
		public String body() {
			return body.toString(StandardCharsets.UTF_8);
		}

		@Override
		public void begin(int status, String... headers) throws IOException {
			ByteArrayOutputStream block = new ByteArrayOutputStream();
			literal(block, ":status", Integer.toString(status));
			for (int i = 0; i < headers.length; i += 2) {
				literal(block, headers[i], headers[i + 1]);
			}
			send(HEADERS, END_HEADERS, id, block.toByteArray());
		}

		/** A literal field without indexing, of which name and value are in plain octets (RFC 7541 section 6.2.2). */
		private static void literal(ByteArrayOutputStream block, String name, String value) {
			block.write(0);
			for (String text : new String[] { name, value }) {
				block.write(text.length());
				block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
			}
		}

		@Override
		public void write(byte[] part) throws IOException, InterruptedException {
			for (int at = 0; at < part.length; at += LARGEST_FRAME) {
				int size = Math.min(LARGEST_FRAME, part.length - at);
				awaitRoom(size);
				send(DATA, 0, id, Arrays.copyOfRange(part, at, at + size));
			}
		}

		private void awaitRoom(int size) throws IOException, InterruptedException {
			lock.lockInterruptibly();
			try {
				while (!ended && (UnrulyHttp2.this.window < size || window < size)) {
					changed.await();
				}
				if (ended) {
					throw new IOException("The client does not want it");
				}
				UnrulyHttp2.this.window -= size;
				window -= size;
			}
			finally {
				lock.unlock();
			}
		}

		@Override
		public void end(byte[] part) throws IOException, InterruptedException {
			write(part);
			send(DATA, END_STREAM, id, NONE);
		}

		@Override
		public void refuse() throws IOException {
			send(RST_STREAM, 0, id, number(REFUSED_STREAM));
		}
	}
}
