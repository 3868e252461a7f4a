package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.context.annotation.Bean;

/** Weaknesses for which other servers had to publish a fix; docs/security.md lists them. */
@Isolated("measures the processor time of all threads")
class KnownWeaknessTests {
	private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();
	private static RunningHawser server;

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> SEEN.add(request.remoteAddress().getAddress().getHostAddress() + " "
					+ request.headers().headerNames().stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-forwarded")));
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Callbacks.class, "hawser.connection.compression.enabled=true",
				"hawser.connection.max-message-size=64KB", "hawser.connection.compression.max-inflated-size=128KB",
				"hawser.connection.close-timeout=500ms", "hawser.hubs.guarded.handshake.token.required=true",
				"hawser.request.header-size=64KB", "hawser.handshake.subprotocol-length=60KB");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static int closeCode(RawClient client) throws Exception {
		ReceivedFrame frame = client.frame();
		while (!frame.isClose()) {
			frame = client.frame();
		}
		return frame.closeCode();
	}

	@Test
	void boundsAMessageOfFragments() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.opcode(2).unfinished().payload(new byte[1024]));
			for (int i = 0; i < 64; i++) {
				client.send(RawFrame.opcode(0).unfinished().payload(new byte[1024]));
			}
			assertThat(closeCode(client)).isEqualTo(1009);
		}
	}

	@Test
	void holdsNoMoreForTinyFragmentsThanTheirBytes() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.opcode(1).unfinished().payload(new byte[] { 'a' }));
			byte[] one = RawFrame.opcode(0).unfinished().payload(new byte[] { 'a' }).bytes();
			byte[] empty = RawFrame.opcode(0).unfinished().payload(new byte[0]).bytes();
			ByteArrayOutputStream many = new ByteArrayOutputStream();
			for (int i = 0; i < 50_000; i++) {
				many.writeBytes(one);
				many.writeBytes(empty);
			}
			client.send(many.toByteArray());
			client.send(RawFrame.opcode(0).payload(new byte[0]));
			assertThat(client.message().payload()).hasSize(50_001);
		}
	}

	@Test
	void boundsWhatAMessageInflatesTo() throws Exception {
		Deflater deflater = new Deflater(9, true);
		deflater.setInput(new byte[16 * 1024 * 1024]);
		byte[] bomb = new byte[64 * 1024];
		int length = deflater.deflate(bomb, 0, bomb.length, Deflater.SYNC_FLUSH);
		deflater.end();
		try (RawClient client = RawClient.connect(server.port()).upgrade("/ws", "Sec-WebSocket-Extensions: permessage-deflate")) {
			client.send(RawFrame.opcode(2).rsv(4).payload(Arrays.copyOf(bomb, length - 4)));
			assertThat(closeCode(client)).isEqualTo(1009);
		}
	}

	@Test
	void refusesALengthWithTheTopBit() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(new byte[] { (byte) 0x82, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 });
			assertThat(closeCode(client)).isEqualTo(1002);
		}
	}

	@Test
	void hangsUpOnAPeerThatDoesNotAnswerTheClose() throws Exception {
		WebSocketServer all = server.bean(WebSocketServer.class);
		Awaitility.await().until(() -> all.stats().connectionCount() == 0);
		try (RawClient client = server.connect()) {
			client.awaitOpen();
			assertThat(all.stats().connectionCount()).isOne();
			all.disconnect(all.connections().findFirst().orElseThrow());
			assertThat(closeCode(client)).isEqualTo(1000);
			assertThat(client.ended()).as("hung up").isTrue();
			Awaitility.await().until(() -> all.stats().connectionCount() == 0);
		}
	}

	/**
	 * Compares two lengths on the same machine, so a slow one does no harm: twenty times the length may not take four hundred times as
	 * long.
	 */
	@Test
	void readsALongSubprotocolHeaderInLinearTime() throws Exception {
		long small = cost(2_500);
		long large = cost(50_000);
		assertThat(large).isLessThan(100 * Math.max(small, 1_000_000));
	}

	private static long cost(int spaces) throws Exception {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long best = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			long before = cpu(threads);
			try (RawClient client = RawClient.connect(server.port())) {
				client.request(RawClient.handshake("/ws", "Sec-WebSocket-Protocol: a" + " ".repeat(spaces) + "b")).response();
			}
			best = Math.min(best, cpu(threads) - before);
		}
		return best;
	}

	private static long cpu(ThreadMXBean threads) {
		return Arrays.stream(threads.getAllThreadIds()).map(threads::getThreadCpuTime).filter(time -> time > 0).sum();
	}

	@Test
	void doesNotWaitForAHugeClientHello() throws Exception {
		CertificateChain chain = CertificateChain.make();
		try (RunningHawser secure = RunningHawser.start(Callbacks.class, chain.serverProperties());
				RawClient client = RawClient.connect(secure.port())) {
			byte[] record = new byte[5 + 16_384];
			System.arraycopy(new byte[] { 0x16, 3, 1, 0x40, 0, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF }, 0, record, 0, 9);
			int sent = 0;
			try {
				for (; sent < 1024; sent++) { // 16 MiB
					client.send(record);
				}
				client.socket().getInputStream().readAllBytes();
			}
			catch (IOException e) {
				// the server closed the connection
			}
			assertThat(sent).as("records of 16 KiB").isLessThan(1024);
		}
	}

	@Test
	void letsNoOtherSiteUseAVisitorsCookie() throws Exception {
		String cookie = "Cookie: access_token=" + RunningHawser.token();
		for (String origin : new String[] { "https://evil.example", "https://localhost.evil.example", "http://localhost.evil.example",
				"null", "http://evil.example#localhost", "http://localhost:1" }) {
			try (RawClient client = RawClient.connect(server.port())) {
				assertThat(client.request(RawClient.handshake("/client/hubs/guarded", cookie, "Origin: " + origin)).response().status())
						.as(origin).isEqualTo(403);
			}
		}
		try (RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake("/client/hubs/guarded", cookie)).response().status()).isEqualTo(101);
		}
	}

	@Test
	void believesNoForwardedHeaderOfAClient() throws Exception {
		SEEN.clear();
		try (RawClient _ = RawClient.connect(server.port()).upgrade("/ws", "X-Forwarded-For: 203.0.113.7",
				"X-Forwarded-Proto: https", "X-Forwarded-Host: bank.example", "Forwarded: for=203.0.113.7")) {
			assertThat(SEEN.poll(60, TimeUnit.SECONDS)).isEqualTo("127.0.0.1 false");
		}
		try (RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake("/ws", "X-Forwarded-Host: bank.example", "X-Forwarded-Proto: https",
					"Origin: https://bank.example")).response().status()).as("its own origin by its own word").isEqualTo(403);
		}
	}
}
