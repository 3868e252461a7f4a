package dev.hawser.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A stream of an {@link Http2Client}: an answer, and the bytes or WebSocket frames of both directions. */
public final class Http2Stream implements Stream.Listener {
	private static final long PATIENCE_SECONDS = 60;
	private static final byte[] END = new byte[0];
	private static final byte[] BROKEN = new byte[0];

	private final CompletableFuture<MetaData.Response> response = new CompletableFuture<>();
	private final CompletableFuture<Integer> resetCode = new CompletableFuture<>();
	private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
	private final DataInputStream in = new DataInputStream(new Received());
	private @Nullable Stream stream;
	private volatile boolean reading = true;
	private volatile @Nullable IOException broken;

	void opened(Stream opened) {
		stream = opened;
	}

	private Stream stream() {
		return Objects.requireNonNull(stream, "The stream is not open yet");
	}

	public int status() throws Exception {
		return response.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getStatus();
	}

	public HttpFields headers() throws Exception {
		return response.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getHttpFields();
	}

	/** Everything up to the end of the stream. */
	public String body() throws IOException {
		return new String(in.readAllBytes(), StandardCharsets.UTF_8);
	}

	/** Sends bytes in one DATA frame, or in several if they are too many for one. */
	public Http2Stream send(byte[] bytes) throws Exception {
		return send(bytes, false);
	}

	/** Sends WebSocket frames together. */
	public Http2Stream send(RawFrame... frames) throws Exception {
		return send(RawFrame.join(frames), false);
	}

	/** Sends WebSocket frames together and ends this side of the stream with them. */
	public Http2Stream sendLast(RawFrame... frames) throws Exception {
		return send(RawFrame.join(frames), true);
	}

	/** Gives bytes to the HTTP/2 connection, which sends them when the peer's windows allow it. */
	public void offer(byte[] bytes) {
		CompletableFuture<Stream> _ = stream().data(new DataFrame(stream().getId(), ByteBuffer.wrap(bytes), false));
	}

	private Http2Stream send(byte[] bytes, boolean last) throws Exception {
		stream().data(new DataFrame(stream().getId(), ByteBuffer.wrap(bytes), last)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		return this;
	}

	/** Ends the stream at once with RST_STREAM. */
	public void reset() throws Exception {
		stream().reset(new ResetFrame(stream().getId(), ErrorCode.CANCEL_STREAM_ERROR.code)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	/** Reads nothing more, so that the server's window runs out. */
	public Http2Stream stopReading() {
		reading = false;
		return this;
	}

	/** The next WebSocket frame. */
	public ReceivedFrame frame() throws IOException {
		return ReceivedFrame.read(in);
	}

	/** Whether the server ends its side in good order, after nothing more (a reset throws). */
	public boolean ended() throws IOException {
		return in.read() == -1;
	}

	/** The code of the server's RST_STREAM. */
	public int resetCode() throws Exception {
		return resetCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	public void onHeaders(Stream from, HeadersFrame frame) {
		response.complete((MetaData.Response) frame.getMetaData());
		if (frame.isEndStream()) {
			pieces.add(END);
		}
		from.demand();
	}

	@Override
	public void onDataAvailable(Stream from) {
		Stream.Data data = reading ? from.readData() : null;
		if (data == null) {
			if (reading) {
				from.demand();
			}
			return;
		}
		ByteBuffer buffer = data.frame().getByteBuffer();
		if (buffer.hasRemaining()) {
			byte[] piece = new byte[buffer.remaining()];
			buffer.get(piece);
			pieces.add(piece);
		}
		boolean last = data.frame().isEndStream();
		data.release();
		if (last) {
			pieces.add(END);
		}
		else {
			from.demand();
		}
	}

	@Override
	public void onReset(Stream from, ResetFrame frame, Callback callback) {
		resetCode.complete(frame.getError());
		gone(new IOException("Reset with " + ErrorCode.toString(frame.getError(), "?")));
		callback.succeeded();
	}

	@Override
	public void onFailure(Stream from, int error, String reason, Throwable failure, Callback callback) {
		gone(new IOException("Failed: " + reason, failure));
		callback.succeeded();
	}

	private void gone(IOException cause) {
		broken = cause;
		response.completeExceptionally(cause);
		resetCode.completeExceptionally(cause);
		pieces.add(BROKEN);
	}

	/** Blocks for the next piece; throws instead of ending when the stream was reset. */
	private final class Received extends InputStream {
		private ByteBuffer current = ByteBuffer.allocate(0);
		private boolean atEnd;

		@Override
		public int read() throws IOException {
			return fill() ? current.get() & 0xFF : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			if (length == 0) {
				return 0;
			}
			if (!fill()) {
				return -1;
			}
			int count = Math.min(length, current.remaining());
			current.get(target, offset, count);
			return count;
		}

		private boolean fill() throws IOException {
			if (current.hasRemaining()) {
				return true;
			}
			if (atEnd) {
				return false;
			}
			byte[] piece = next();
			if (piece == BROKEN) {
				throw new IOException("The stream broke", broken);
			}
			if (piece == END) {
				atEnd = true;
				return false;
			}
			current = ByteBuffer.wrap(piece);
			return true;
		}

		private byte[] next() throws IOException {
			try {
				byte[] piece = pieces.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
				if (piece == null) {
					throw new IOException("Nothing came for " + PATIENCE_SECONDS + " s");
				}
				return piece;
			}
			catch (InterruptedException e) {
				throw new IOException(e);
			}
		}
	}
}
