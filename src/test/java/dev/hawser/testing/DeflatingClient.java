package dev.hawser.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A raw client that compresses as its handshake agreed, with the JDK's own zip classes. Where the server may not take its
 * window over, each of its messages is inflated afresh, so that one which needs the last fails.
 */
public final class DeflatingClient implements AutoCloseable {
	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private final RawClient raw;
	private final @Nullable String agreed;
	private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
	private final Inflater inflater = new Inflater(true);

	/** A message as it came. */
	public record Message(int opcode, boolean compressed, byte[] payload, int bytesOnWire) {
		public String text() {
			return new String(payload, StandardCharsets.UTF_8);
		}
	}

	private DeflatingClient(RawClient raw, @Nullable String agreed) {
		this.raw = raw;
		this.agreed = agreed;
	}

	/** Makes a handshake with these offers, all in one header line. */
	public static DeflatingClient connect(int port, String... offers) throws IOException {
		RawClient raw = RawClient.connect(port);
		Map<String, String> headers = raw.request(
				RawClient.handshake("/ws", "Sec-WebSocket-Extensions: " + String.join(", ", offers))).response().headers();
		return new DeflatingClient(raw, headers.get("sec-websocket-extensions"));
	}

	/** What the server agreed to, as it says it; null for nothing. */
	public @Nullable String agreed() {
		return agreed;
	}

	public RawClient raw() {
		return raw;
	}

	private boolean takesOver(String side) {
		return agreed != null && !agreed.contains(side + "_no_context_takeover");
	}

	/** The payload of the next message, deflated. */
	public byte[] deflate(byte[] message) {
		if (!takesOver("client")) {
			deflater.reset();
		}
		deflater.setInput(message);
		byte[] chunk = new byte[message.length + 64];
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		int count;
		do {
			count = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
			out.write(chunk, 0, count);
		}
		while (count == chunk.length);
		// the same flush again gives nothing: the empty message is one block of no bytes
		return out.size() == 0 ? new byte[1] : Arrays.copyOf(out.toByteArray(), out.size() - TAIL.length);
	}

	/** Sends a message, compressed where that was agreed, in frames of at most so many bytes; 0 for one frame. */
	public DeflatingClient send(int opcode, byte[] message, int frameSize) throws IOException {
		byte[] payload = agreed == null ? message : deflate(message);
		raw.send(frames(opcode, agreed == null ? 0 : 4, payload, frameSize));
		return this;
	}

	/** Sends a text message in one frame. */
	public DeflatingClient send(String text) throws IOException {
		return send(1, text.getBytes(StandardCharsets.UTF_8), 0);
	}

	/** A message in frames of at most so many bytes, 0 for one frame; the reserved bits are set in the first. */
	public static RawFrame[] frames(int opcode, int rsv, byte[] payload, int frameSize) {
		int most = frameSize == 0 ? Math.max(1, payload.length) : frameSize;
		RawFrame[] frames = new RawFrame[Math.max(1, (payload.length + most - 1) / most)];
		for (int i = 0; i < frames.length; i++) {
			RawFrame frame = i == 0 ? RawFrame.opcode(opcode).rsv(rsv) : RawFrame.opcode(0);
			frame.payload(Arrays.copyOfRange(payload, i * most, Math.min(payload.length, (i + 1) * most)));
			frames[i] = i == frames.length - 1 ? frame : frame.unfinished();
		}
		return frames;
	}

	/** The server's next message, inflated. */
	public Message message() throws IOException {
		ReceivedFrame first = raw.message();
		if ((first.rsv() & 3) != 0 || (first.rsv() != 0 && (agreed == null || first.opcode() > 2))) {
			throw new IOException("Reserved bits " + first.rsv() + " in " + first);
		}
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		payload.writeBytes(first.payload());
		for (ReceivedFrame last = first; !last.fin();) {
			last = raw.message();
			if (last.opcode() != 0 || last.rsv() != 0) {
				throw new IOException("No continuation: " + last);
			}
			payload.writeBytes(last.payload());
		}
		byte[] bytes = payload.toByteArray();
		return new Message(first.opcode(), first.rsv() == 4, first.rsv() == 4 ? inflate(bytes) : bytes, bytes.length);
	}

	private byte[] inflate(byte[] payload) throws IOException {
		if (!takesOver("server")) {
			inflater.reset();
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] chunk = new byte[8192];
		try {
			for (byte[] part : new byte[][] { payload, TAIL }) {
				inflater.setInput(part);
				for (int count = inflater.inflate(chunk); count > 0; count = inflater.inflate(chunk)) {
					out.write(chunk, 0, count);
				}
			}
		}
		catch (DataFormatException e) {
			throw new IOException("The server's message cannot be inflated", e);
		}
		return out.toByteArray();
	}

	@Override
	public void close() throws IOException {
		deflater.end();
		inflater.end();
		raw.close();
	}
}
