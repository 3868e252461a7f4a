package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnMessage;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** What the WebSockets of one HTTP/2 connection answer to one read comes in one write. */
class Http2GatheredWriteTests {
	private static final int STREAMS = 10;
	private static final int ROUNDS = 100;
	private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
	private static final int FRAME_HEAD = 9;
	private static final int DATA = 0;
	private static final int HEADERS = 1;
	private static final int SETTINGS = 4;
	private static final int END_HEADERS = 4;
	private static final int ACK = 1;
	private static final String TEXT = "a text of thirty-two characters.";

	static class Callbacks {
		@Bean
		@NonBlocking
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}
	}

	@Test
	void answersAllStreamsOfOneReadInOneWrite() throws Exception {
		try (RunningHawser server = RunningHawser.start(Callbacks.class, "hawser.connection.ping-interval=0s");
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.setSoTimeout(60_000);
			socket.setTcpNoDelay(true);
			open(socket, server.port());
			byte[] messages = onEachStream(RawFrame.text(TEXT).bytes());
			int answer = FRAME_HEAD + 2 + TEXT.length();
			byte[] answers = new byte[STREAMS * answer];
			socket.getOutputStream().write(messages);
			// a stream may be opened after its first bytes have come
			assertThat(socket.getInputStream().readNBytes(answers, 0, answers.length)).isEqualTo(answers.length);
			int inOneWrite = 0;
			for (int round = 0; round < ROUNDS; round++) {
				socket.getOutputStream().write(messages);
				int first = socket.getInputStream().read(answers);
				inOneWrite += first == answers.length ? 1 : 0;
				assertThat(socket.getInputStream().readNBytes(answers, first, answers.length - first)).isEqualTo(answers.length - first);
				Set<Integer> answered = new HashSet<>();
				for (int i = 0; i < STREAMS; i++) {
					ByteBuffer frame = ByteBuffer.wrap(answers, i * answer, answer);
					assertThat(frame.getInt()).as("length and type").isEqualTo(((2 + TEXT.length()) << 8) + DATA);
					assertThat(frame.get()).as("flags").isZero();
					answered.add(frame.getInt());
					assertThat(new String(answers, i * answer + FRAME_HEAD + 2, TEXT.length(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
				}
				assertThat(answered).as("streams").hasSize(STREAMS);
			}
			// a stream may just have been opened on another thread, which then answers by itself
			assertThat(inOneWrite).as("rounds in which the first read brought all answers").isGreaterThan(ROUNDS * 9 / 10);
		}
	}

	/** Opens the connection and a WebSocket on each stream, and reads until all are open. */
	private static void open(Socket socket, int port) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes(PREFACE);
		out.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
		for (int i = 0; i < STREAMS; i++) {
			out.writeBytes(frame(HEADERS, END_HEADERS, 1 + 2 * i, fields(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http",
					":path", "/ws", ":authority", "localhost:" + port, "sec-websocket-version", "13")));
		}
		socket.getOutputStream().write(out.toByteArray());
		DataInputStream in = new DataInputStream(socket.getInputStream());
		int opened = 0;
		while (opened < STREAMS) {
			int head = in.readInt();
			int flags = in.read();
			in.readInt();
			in.skipNBytes(head >>> 8);
			switch (head & 0xFF) {
				case HEADERS -> opened++;
				case SETTINGS -> {
					if (flags != ACK) {
						socket.getOutputStream().write(frame(SETTINGS, ACK, 0, new byte[0]));
					}
				}
				default -> {
				}
			}
		}
	}

	private static byte[] onEachStream(byte[] payload) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int i = 0; i < STREAMS; i++) {
			out.writeBytes(frame(DATA, 0, 1 + 2 * i, payload));
		}
		return out.toByteArray();
	}

	private static byte[] frame(int type, int flags, int stream, byte[] payload) {
		return ByteBuffer.allocate(FRAME_HEAD + payload.length).putInt((payload.length << 8) + type).put((byte) flags).putInt(stream)
				.put(payload).array();
	}

	/** Names and values in turn, none of them compressed (RFC 7541 section 6.2.2). */
	private static byte[] fields(String... namesAndValues) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int i = 0; i < namesAndValues.length; i++) {
			if (i % 2 == 0) {
				out.write(0);
			}
			out.write(namesAndValues[i].length());
			out.writeBytes(namesAndValues[i].getBytes(StandardCharsets.US_ASCII));
		}
		return out.toByteArray();
	}
}
