package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ForHub;
import dev.hawser.api.OnMessage;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Together;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/**
 * Clients within their limits that together want more memory than there is, at a server with a heap of 128 MB. It lives, answers
 * the others all the time, ends those that hold most, and afterwards holds nothing.
 */
class MemoryAttackTests {
	private static final int MB = 1024 * 1024;
	private static final int ATTACKERS = 200;
	private static Program program;
	private static int port;
	private static int operations;

	/** The server, in a process of its own. */
	static final class Server {
		public static void main(String[] properties) {
			RunningHawser server = RunningHawser.start(Callbacks.class, properties);
			System.out.println("Serving at " + server.port() + " and " + server.operationsPort() + ".");
		}
	}

	static class Callbacks {
		@Bean
		OnMessage echo() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}

		@Bean
		@ForHub("news")
		OnMessage broadcast() {
			return (server, frame) -> server.broadcast(frame, server.connections("news"));
		}

		/** To each client a message of its own, or the end. */
		@Bean
		@ForHub("each")
		OnMessage each() {
			return (server, frame) -> server.connections("each").forEach(fd -> {
				if (frame.text().equals("end")) {
					server.disconnect(fd);
				}
				else {
					server.push(fd, frame.text());
				}
			});
		}
	}

	@BeforeAll
	static void start() throws Exception {
		program = Program.start(Path.of("target"), Map.of(), Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", "-cp", System.getProperty("java.class.path"),
				Server.class.getName(), "hawser.connection.compression.enabled=true", "hawser.connection.limits.per-user=0",
				"hawser.hubs.news.connection.outbox-size=8MB", "hawser.hubs.each.reliable.window=1h");
		String[] ports = program.line("Serving at ").split("\\D+", -1);
		port = Integer.parseInt(ports[1]);
		operations = Integer.parseInt(ports[2]);
	}

	@AfterAll
	static void stop() {
		program.close();
	}

	/** The sum of a meter's series, of those with this label if it is not empty. */
	private static double meter(String name, String label) throws IOException {
		try (RawClient client = RawClient.connect(operations)) {
			return client.request("GET /actuator/prometheus HTTP/1.1", "Host: localhost", "Connection: close").response().body().lines()
					.filter(line -> line.startsWith(name) && line.contains(label))
					.mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
		}
	}

	private static double ended() throws IOException {
		return meter("hawser_memory_ended_total ", "");
	}

	private static double closedWith(int code) throws IOException {
		return meter("hawser_closes_total{", "code=\"" + code + "\"");
	}

	/** Another user, who talks and is answered all the time. */
	private static final class Neighbour implements AutoCloseable {
		private final RawClient client = RawClient.connect(port).upgrade("/ws");
		private final Thread thread = Thread.ofVirtual().unstarted(this::talk);
		private volatile boolean over;
		private volatile int answered;
		private volatile @Nullable Throwable failure;

		Neighbour() throws IOException {
			thread.start();
		}

		private void talk() {
			try {
				for (int i = 1; !over; i++) {
					assertThat(client.send(RawFrame.text("hello " + i)).message().text()).isEqualTo("hello " + i);
					answered = i;
				}
			}
			catch (Throwable e) {
				failure = e;
			}
		}

		/** Fails if one word was not answered. */
		void mustHaveBeenAnswered() throws InterruptedException {
			over = true;
			assertThat(thread.join(Duration.ofMinutes(2))).isTrue();
			assertThat(failure).as(program.output()).isNull();
			assertThat(answered).isPositive();
		}

		@Override
		public void close() throws IOException {
			client.close();
		}
	}

	private static void send(RawClient client, byte[] wire) {
		try {
			client.send(wire);
		}
		catch (IOException e) {
			// the server has ended the connection
		}
	}

	/** Each of many clients sends these bytes and nothing more. */
	private static void attack(byte[] wire, String... headers) throws Exception {
		double before = ended();
		double tooLong = closedWith(1009);
		List<RawClient> attackers = new ArrayList<>();
		try (Neighbour neighbour = new Neighbour()) {
			for (int i = 0; i < ATTACKERS; i++) {
				attackers.add(RawClient.connect(port).upgrade("/ws", headers));
			}
			Together.run(ATTACKERS, number -> send(attackers.get(number), wire));
			Awaitility.await().untilAsserted(() -> assertThat(ended() - before).isGreaterThan(ATTACKERS / 2.0));
			neighbour.mustHaveBeenAnswered();
			Awaitility.await().untilAsserted(() -> assertThat(closedWith(1009) - tooLong).isEqualTo(ended() - before));
		}
		finally {
			for (RawClient each : attackers) {
				each.close();
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(meter("hawser_memory_bytes ", "")).isZero());
	}

	private static byte[] unfinished(RawFrame message) {
		byte[] wire = message.bytes();
		return Arrays.copyOf(wire, wire.length - 1);
	}

	@Test
	void survivesUnfinishedMessages() throws Exception {
		attack(unfinished(RawFrame.opcode(2).payload(new byte[MB - 1])));
	}

	@Test
	void survivesUnfinishedCompressedMessages() throws Exception {
		Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
		deflater.setInput(new byte[MB - 1]);
		byte[] out = new byte[MB];
		int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
		deflater.end();
		attack(RawFrame.opcode(2).rsv(4).unfinished().payload(Arrays.copyOf(out, length)).bytes(),
				"Sec-WebSocket-Extensions: permessage-deflate");
	}

	/** A client whose socket takes little. */
	private static RawClient slowReader() throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		return RawClient.over(socket).upgrade("/client/hubs/news");
	}

	@Test
	void survivesClientsThatDoNotReadWhatIsBroadcast() throws Exception {
		double before = ended();
		double slow = closedWith(1013);
		List<RawClient> readers = new ArrayList<>();
		try (Neighbour neighbour = new Neighbour(); RawClient speaker = RawClient.connect(port).upgrade("/client/hubs/news")) {
			for (int i = 0; i < ATTACKERS; i++) {
				readers.add(slowReader());
			}
			byte[] news = RawFrame.binary(new byte[64 * 1024]).bytes();
			for (int i = 0; i < 1000 && ended() == before; i++) {
				assertThat(speaker.send(news).message().payload()).hasSize(64 * 1024);
			}
			assertThat(ended() - before).isPositive();
			neighbour.mustHaveBeenAnswered();
			Awaitility.await().untilAsserted(() -> assertThat(closedWith(1013) - slow).isEqualTo(ended() - before));
		}
		finally {
			for (RawClient each : readers) {
				each.close();
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(meter("hawser_memory_bytes ", "")).isZero());
	}

	/** A client that leaves at once, to come back later. */
	private static void leave() throws IOException {
		try (RawClient client = RawClient.connect(port).upgrade("/client/hubs/each",
				"Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1")) {
			client.send(RawFrame.text("{\"type\":\"ping\"}"));
			while (!client.message().text().contains("pong")) {
				// the greeting
			}
		}
	}

	/** Each within its limits: 16 MB are kept for a client that may come back. */
	@Test
	void survivesClientsThatAreAwayWhileMuchIsSentToThem() throws Exception {
		double before = ended();
		double closed = closedWith(1013);
		String away = "hawser_connections_away{";
		try (Neighbour neighbour = new Neighbour(); RawClient speaker = RawClient.connect(port).upgrade("/client/hubs/each")) {
			for (int i = 0; i < ATTACKERS; i++) {
				leave();
			}
			Awaitility.await().untilAsserted(() -> assertThat(meter(away, "each")).isEqualTo(ATTACKERS));
			for (int i = 0; i < 1000 && meter(away, "each") > ATTACKERS / 2.0; i++) {
				speaker.send(RawFrame.text("x".repeat(64 * 1024))).message();
			}
			assertThat(meter(away, "each")).isLessThanOrEqualTo(ATTACKERS / 2.0);
			neighbour.mustHaveBeenAnswered();
			Awaitility.await().untilAsserted(() -> assertThat(closedWith(1013) - closed).isEqualTo(ended() - before));
			speaker.send(RawFrame.text("end"));
			Awaitility.await().untilAsserted(() -> assertThat(meter(away, "each")).isZero());
		}
		Awaitility.await().untilAsserted(() -> assertThat(meter("hawser_memory_bytes ", "")).isZero());
	}
}
