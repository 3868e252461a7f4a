package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.Frame;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import dev.hawser.push.SwooleChecklistTests;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.ScriptedCallbacks;
import dev.hawser.testing.Together;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** Pings, pongs and closing, as Swoole's own WebSocket tests ask for them; see {@link SwooleChecklistTests}. */
class SwooleChecklistControlTests {
	private static RunningHawser hawser;
	private static ScriptedCallbacks callbacks;
	private static WebSocketServer server;
	/** Delivers control frames to OnMessage. */
	private static RunningHawser delivering;
	private static ScriptedCallbacks deliveredTo;

	@BeforeAll
	static void start() {
		hawser = RunningHawser.start(ScriptedCallbacks.class, "hawser.connection.close-timeout=10m");
		callbacks = hawser.bean(ScriptedCallbacks.class);
		server = hawser.bean(WebSocketServer.class);
		delivering = RunningHawser.start(ScriptedCallbacks.class, "hawser.callbacks.deliver-ping-frames=true",
				"hawser.callbacks.deliver-pong-frames=true", "hawser.callbacks.deliver-close-frames=true");
		deliveredTo = delivering.bean(ScriptedCallbacks.class);
	}

	@AfterAll
	static void stop() {
		hawser.close();
		delivering.close();
	}

	@BeforeEach
	void forget() {
		callbacks.reset();
		deliveredTo.reset();
	}

	@Test
	@DisplayName("2 close_frame_flag: OnMessage sees no close frame unless it asks for them, and disconnect works")
	void keepsCloseFramesFromOnMessage() throws Exception {
		try (RawClient client = hawser.connect()) {
			long fd = callbacks.opened().fd();
			client.send(RawFrame.close(1000, "bye"));
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(callbacks.closed(fd).status()).isEqualTo(new CloseStatus(1000, "bye"));
			assertThat(callbacks.untaken()).isZero();
		}
		try (RawClient client = hawser.connect()) {
			long fd = callbacks.opened().fd();
			assertThat(server.disconnect(fd, 4000, "enough")).isEqualTo(SendResult.SENT);
			assertThat(client.message().closeCode()).isEqualTo(4000);
			client.send(RawFrame.close(4000, "enough"));
			assertThat(client.ended()).isTrue();
			callbacks.closed(fd);
			assertThat(callbacks.untaken()).isZero();
		}
	}

	@Test
	@DisplayName("3 close_frame_full: any lawful code comes back with its reason, different: 1002 answers the others")
	void echoesLawfulCloseFrames() throws Exception {
		Together.run(16, number -> {
			Random random = new Random(number);
			for (int i = 0; i < 8; i++) {
				int code = random.nextInt(5001);
				String reason = "r".repeat(random.nextInt(124));
				closeWith(code, reason);
			}
			closeWith(998 + number, "x".repeat(123)); // 998 to 1013: both sides of every edge there
		});
	}

	private static void closeWith(int code, String reason) throws Exception {
		boolean lawful = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
		try (RawClient client = delivering.connect()) {
			client.send(RawFrame.close(code, reason));
			ReceivedFrame answer = client.message();
			assertThat(answer.isClose()).isTrue();
			assertThat(answer.closeCode()).as("answer to %d", code).isEqualTo(lawful ? code : 1002);
			if (lawful) {
				assertThat(answer.closeReason()).isEqualTo(reason);
			}
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	@DisplayName("3 close_frame_full: OnMessage sees code and reason where it asks for close frames")
	void deliversCloseFramesOnRequest() throws Exception {
		deliveredTo.onMessage((server, frame) -> server.push(frame.fd(), "before the echo"));
		try (RawClient client = delivering.connect()) {
			client.send(RawFrame.close(4321, "done"));
			Frame frame = deliveredTo.received();
			assertThat(frame.opcode()).isEqualTo(Opcode.CLOSE);
			assertThat(frame.closeStatus()).isEqualTo(new CloseStatus(4321, "done"));
			assertThat(client.message().text()).isEqualTo("before the echo");
			assertThat(client.message().closeCode()).isEqualTo(4321);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	@DisplayName("5 control_frame_contract: what is too long for a control frame is refused, and the connection lives on")
	void refusesControlFramesThatAreTooLong() throws Exception {
		try (RawClient client = hawser.connect()) {
			long fd = callbacks.opened().fd();
			assertThatIllegalArgumentException().isThrownBy(() -> server.ping(fd, new byte[126]));
			assertThatIllegalArgumentException().isThrownBy(() -> server.disconnect(fd, 1000, "x".repeat(124)));
			assertThatIllegalArgumentException().isThrownBy(() -> server.push(fd, new byte[0], Opcode.PING, false));
			server.ping(fd, new byte[125]);
			assertThat(client.frame().payload()).hasSize(125);
			server.disconnect(fd, 1000, "x".repeat(123));
			assertThat(client.message().closeReason()).hasSize(123);
		}
	}

	@Test
	@DisplayName("6 disconnect: code and reason arrive")
	void disconnectsWithCodeAndReason() throws Exception {
		assertDisconnect(4000, "shutdown received");
	}

	@Test
	@DisplayName("7 disconnect_with_code: without a reason it is empty")
	void disconnectsWithCodeAlone() throws Exception {
		assertDisconnect(4000, "");
	}

	private static void assertDisconnect(int code, String reason) throws Exception {
		callbacks.onMessage((server, frame) -> server.disconnect(frame.fd(), code, reason));
		try (RawClient client = hawser.connect()) {
			client.send(RawFrame.text("shutdown"));
			ReceivedFrame close = client.message();
			assertThat(close.closeCode()).isEqualTo(code);
			assertThat(close.closeReason()).isEqualTo(reason);
			client.send(RawFrame.close(code, reason));
			assertThat(client.ended()).isTrue();
			var closed = callbacks.closed(callbacks.received().fd());
			assertThat(closed.status().getCode()).isEqualTo(code);
			assertThat(closed.initiator()).isEqualTo(CloseInitiator.SERVER);
		}
	}

	@Test
	@DisplayName("24 ping: with and without data")
	void pings() throws Exception {
		try (RawClient client = hawser.connect()) {
			long fd = callbacks.opened().fd();
			server.ping(fd, "Hello World".getBytes(StandardCharsets.UTF_8));
			server.ping(fd);
			ReceivedFrame first = client.frame();
			assertThat(first.opcode()).isEqualTo(9);
			assertThat(first.text()).isEqualTo("Hello World");
			ReceivedFrame second = client.frame();
			assertThat(second.opcode()).isEqualTo(9);
			assertThat(second.payload()).isEmpty();
		}
	}

	@Test
	@DisplayName("25 pingloop: all connections are pinged, their pongs are not delivered, a close ends it")
	void pingsAllConnections() throws Exception {
		Set<Long> fds = ConcurrentHashMap.newKeySet();
		callbacks.onOpen((server, request) -> fds.add(request.fd()));
		Together.run(8, number -> {
			try (RawClient client = hawser.connect()) {
				client.send(RawFrame.text("count me in"));
				assertThat(client.message().text()).isEqualTo("count me in");
				for (int i = 0; i < 3; i++) {
					server.connections().filter(fds::contains).forEach(server::ping);
					ReceivedFrame ping = client.frame();
					assertThat(ping.opcode()).isEqualTo(9);
					client.send(RawFrame.pong(ping.payload()));
				}
				client.send(RawFrame.text("done"));
				assertThat(client.message().text()).isEqualTo("done");
			}
		});
		assertThat(fds).hasSize(8);
		assertThat(callbacks.untaken()).as("the texts alone").isEqualTo(2 * 8);
		try (RawClient client = hawser.connect()) {
			client.send(RawFrame.text("last"));
			assertThat(client.message().text()).isEqualTo("last");
			server.connections().forEach(fd -> server.push(fd, new byte[] { 3, (byte) 0xE8 }, Opcode.CLOSE, true));
			assertThat(client.message().closeCode()).isEqualTo(1000);
		}
	}

	@Test
	@DisplayName("26 pingloop_open_ping_pong_frame: where asked for, every pong is delivered, with its data")
	void deliversEveryPong() throws Exception {
		deliveredTo.onMessage((server, frame) -> {
			if (frame.isText()) {
				server.push(frame.fd(), frame.text());
			}
		});
		Together.run(4, number -> {
			try (RawClient client = delivering.connect()) {
				for (int i = 0; i < 25; i++) {
					client.send(RawFrame.pong((byte) number, (byte) i));
				}
				client.send(RawFrame.text("end"));
				assertThat(client.message().text()).isEqualTo("end");
			}
		});
		int[] next = new int[4];
		for (int i = 0; i < 4 * (25 + 1); i++) {
			Frame frame = deliveredTo.received();
			if (frame.opcode() == Opcode.PONG) {
				assertThat((int) frame.data()[1]).isEqualTo(next[frame.data()[0]]++);
			}
		}
		assertThat(next).containsOnly(25);
		assertThat(deliveredTo.untaken()).isZero();
	}

	@Test
	@DisplayName("27 pingpong: 100 pings are answered with their own data and not delivered")
	void answersPings() throws Exception {
		try (RawClient client = hawser.connect()) {
			for (int i = 0; i < 100; i++) {
				client.send(RawFrame.ping(("ping " + i).getBytes(StandardCharsets.UTF_8)));
				ReceivedFrame pong = client.message();
				assertThat(pong.opcode()).isEqualTo(10);
				assertThat(pong.text()).isEqualTo("ping " + i);
			}
			client.send(RawFrame.text("end"));
			assertThat(client.message().text()).isEqualTo("end");
		}
		assertThat(callbacks.received().text()).isEqualTo("end");
		assertThat(callbacks.untaken()).isZero();
	}

	@Test
	@DisplayName("28 pingpong_open_ping_pong_frame: where pings are delivered, the application alone answers")
	void leavesPongsToTheApplication() throws Exception {
		deliveredTo.onMessage((server, frame) -> {
			if (frame.opcode() == Opcode.PING) {
				server.push(frame.fd(), ("my " + frame.text()).getBytes(StandardCharsets.UTF_8), Opcode.PONG, true);
			}
		});
		try (RawClient client = delivering.connect()) {
			client.send(RawFrame.opcode(9).payload("one"), RawFrame.opcode(9).payload("two"), RawFrame.close(1000, ""));
			assertThat(client.message().text()).isEqualTo("my one");
			assertThat(client.message().text()).isEqualTo("my two");
			assertThat(client.message().isClose()).isTrue();
		}
	}

	@Test
	@DisplayName("31 send_close_frame, different: a pushed close frame closes, what the client sends after it is not delivered")
	void closesByAPushedCloseFrame() throws Exception {
		try (RawClient client = hawser.connect()) {
			long fd = callbacks.opened().fd();
			byte[] body = { 0x0F, (byte) 0xA1, 'b', 'y', 'e' };
			assertThat(server.push(fd, Frame.of(fd, body, Opcode.CLOSE, true))).isEqualTo(SendResult.SENT);
			ReceivedFrame close = client.message();
			assertThat(close.closeCode()).isEqualTo(4001);
			assertThat(close.closeReason()).isEqualTo("bye");
			assertThat(server.push(fd, "more")).isEqualTo(SendResult.NOT_ESTABLISHED);
			client.send(RawFrame.text("late"), RawFrame.close(4001, ""));
			assertThat(client.ended()).isTrue();
			assertThat(callbacks.closed(fd).status()).isEqualTo(new CloseStatus(4001, "bye"));
			assertThat(callbacks.untaken()).isZero();
		}
	}
}
