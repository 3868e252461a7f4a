package dev.hawser.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that sends any bytes and checks every answer itself. Every wait ends after a minute. */
public final class RawClient implements AutoCloseable {
	/** The key of RFC 6455's own example; its answer is s3pPLMBiTxaQ9kYGzzhZRbK+xOo=. */
	public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Socket socket;
	private final DataInputStream in;

	private RawClient(Socket socket) throws IOException {
		this.socket = socket;
		this.in = new DataInputStream(socket.getInputStream());
		socket.setSoTimeout((int) PATIENCE.toMillis());
		socket.setTcpNoDelay(true);
	}

	public static RawClient connect(int port) throws IOException {
		return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
	}

	/** A client on a connected socket, of TLS for instance. */
	public static RawClient over(Socket socket) throws IOException {
		return new RawClient(socket);
	}

	public Socket socket() {
		return socket;
	}

	/**
	 * Has a ping answered: the server, which sends its 101 before it knows the connection, then does. What comes before the pong
	 * is thrown away.
	 */
	public RawClient awaitOpen() throws IOException {
		send(RawFrame.ping());
		ReceivedFrame frame = frame();
		while (frame.opcode() != 10) {
			frame = frame();
		}
		return this;
	}

	public RawClient send(byte[]... chunks) throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] chunk : chunks) {
			all.writeBytes(chunk);
		}
		socket.getOutputStream().write(all.toByteArray());
		return this;
	}

	/** Sends frames in one write. */
	public RawClient send(RawFrame... frames) throws IOException {
		return send(RawFrame.join(frames));
	}

	/** Sends lines of an HTTP request, each ended by CRLF, and the empty line after them. */
	public RawClient request(String... lines) throws IOException {
		return send((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
	}

	/** Like {@link #request}, but the server may refuse the request and close the connection before it has read everything. */
	public RawClient offer(String... lines) {
		try {
			return request(lines);
		}
		catch (IOException e) {
			return this; // the refusal is in the response
		}
	}

	/** The lines of a good handshake; further header lines may follow. */
	public static String[] handshake(String target, String... more) {
		String[] lines = new String[6 + more.length];
		lines[0] = "GET " + target + " HTTP/1.1";
		lines[1] = "Host: localhost";
		lines[2] = "Upgrade: websocket";
		lines[3] = "Connection: Upgrade";
		lines[4] = "Sec-WebSocket-Key: " + KEY;
		lines[5] = "Sec-WebSocket-Version: 13";
		System.arraycopy(more, 0, lines, 6, more.length);
		return lines;
	}

	/** Makes a handshake and expects the 101. */
	public RawClient upgrade(String target, String... more) throws IOException {
		request(handshake(target, more));
		Response response = response();
		if (response.status() != 101) {
			throw new IOException("No upgrade: " + response);
		}
		return this;
	}

	/** An HTTP response; header names in lower case, of two with one name the values joined by a comma. */
	public record Response(int status, Map<String, String> headers, String body) {
		public @Nullable String header(String name) {
			return headers.get(name.toLowerCase(Locale.ROOT));
		}
	}

	public Response response() throws IOException {
		int status = Integer.parseInt(line().split(" ", -1)[1]);
		Map<String, String> headers = new LinkedHashMap<>();
		for (String line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			headers.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
		}
		byte[] body = "chunked".equals(headers.get("transfer-encoding")) ? chunks()
				: bytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
		return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
	}

	private byte[] bytes(int count) throws IOException {
		byte[] bytes = new byte[count];
		in.readFully(bytes);
		return bytes;
	}

	private byte[] chunks() throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
			all.writeBytes(bytes(size));
			line();
		}
		line();
		return all.toByteArray();
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

	/** The next frame of any kind. */
	public ReceivedFrame frame() throws IOException {
		return ReceivedFrame.read(in);
	}

	/** The next frame that is no ping of the server's. */
	public ReceivedFrame message() throws IOException {
		ReceivedFrame frame = frame();
		while (frame.opcode() == 9) {
			frame = frame();
		}
		return frame;
	}

	/** Whether the server ends the TCP stream in good order, after nothing more (a reset throws). */
	public boolean ended() throws IOException {
		try {
			return in.read() == -1;
		}
		catch (EOFException e) {
			return true;
		}
	}

	/** All bytes until the server ends the TCP stream in good order (a reset throws), as Latin-1. */
	public String rest() throws IOException {
		return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
	}

	/** Closes the socket without a close frame. */
	@Override
	public void close() throws IOException {
		socket.close();
	}
}
