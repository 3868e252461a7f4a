package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A malformed request over HTTP/2 is an error of its stream (RFC 9113 section 8.1.1): the WebSockets on the other streams, of other people
 * behind the same proxy, live on. Spoken in bytes, since no client library sends such requests.
 */
@Timeout(300)
class Http2StreamErrorTests {
	private static final int HEADERS = 1;
	private static final int RST_STREAM = 3;
	private static final int GOAWAY = 7;
	private static final int END_HEADERS = 4;
	private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.shared(Echo.class);
	}

	private static byte[] frame(int type, int flags, int stream, byte[] payload) {
		return ByteBuffer.allocate(9 + payload.length).putShort((short) (payload.length >> 8)).put((byte) payload.length).put((byte) type)
				.put((byte) flags).putInt(stream).put(payload).array();
	}

	/** A literal field for the dynamic table (RFC 7541 section 6.2.1): a decoder that skips it has a wrong table afterwards. */
	private static byte[] field(String name, String value) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(0x40);
		for (String text : new String[] { name, value }) {
			bytes.write(text.length());
			bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
		}
		return bytes.toByteArray();
	}

	private static byte[] request(int stream, String... namesAndValues) {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			block.writeBytes(field(namesAndValues[i], namesAndValues[i + 1]));
		}
		return frame(HEADERS, END_HEADERS, stream, block.toByteArray());
	}

	private static byte[] handshake(int stream, String authority, String path, String... more) {
		String[] fields = Stream
				.concat(Stream.of(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":authority", authority,
						":path", path, "sec-websocket-version", "13"), Stream.of(more))
				.toArray(String[]::new);
		return request(stream, fields);
	}

	private record Frame(int type, int stream, byte[] payload) {
	}

	/** The next frame of this stream, or a GOAWAY of the connection. */
	private static Frame frame(DataInputStream in, int stream) throws Exception {
		while (true) {
			int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
			int type = in.readUnsignedByte();
			in.readUnsignedByte();
			Frame frame = new Frame(type, in.readInt(), in.readNBytes(length));
			if (frame.stream == stream || type == GOAWAY) {
				return frame;
			}
		}
	}

	static Stream<Arguments> malformed() {
		return Stream.of(
				Arguments.of("a port that is none", handshake(3, "a:99999", "/ws")),
				Arguments.of("a user", handshake(3, "a@b", "/ws")),
				Arguments.of("a broken address", handshake(3, "[::1", "/ws")),
				Arguments.of("two ports", handshake(3, "a:b:c", "/ws")),
				Arguments.of("a path that is none", handshake(3, "localhost", "http://[/ws")),
				Arguments.of("another path that is none", handshake(3, "localhost", "//[:/ws")),
				Arguments.of("no path", handshake(3, "localhost", "")),
				Arguments.of("a length that is none", handshake(3, "localhost", "/ws", "content-length", "x")),
				Arguments.of("a port that is none of a GET",
						request(3, ":method", "GET", ":scheme", "http", ":authority", "a:99999", ":path", "/", "x", "y")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("malformed")
	void endsNoOtherStream(String label, byte[] malformed) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			DataInputStream in = new DataInputStream(client.socket().getInputStream());
			client.send(PREFACE.getBytes(StandardCharsets.ISO_8859_1), frame(4, 0, 0, new byte[0]), handshake(1, "localhost", "/ws"));
			assertThat(frame(in, 1).type()).as("a WebSocket").isEqualTo(HEADERS);
			client.send(malformed);
			assertThat(frame(in, 3).type()).as("end of stream 3, or its refusal").isIn(RST_STREAM, HEADERS);
			client.send(handshake(5, "localhost", "/ws"));
			Frame answer = frame(in, 5);
			assertThat(answer.type()).as("another WebSocket").isEqualTo(HEADERS);
			assertThat(answer.payload()[0] & 0xFF).as("status 200, of the static table").isEqualTo(0x88);
		}
	}
}
