package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;

/** A handler that uses only Spring's own interface, on Hawser's connections. */
class OtherSpringHandlerTests {
	private static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();
	private static RunningHawser server;

	/** Answers every kind of message in its own kind. */
	static class Chat extends AbstractWebSocketHandler implements SubProtocolCapable {
		@Override
		public List<String> getSubProtocols() {
			return List.of("chat.v2", "chat.v1");
		}

		@Override
		public boolean supportsPartialMessages() {
			return true;
		}

		@Override
		public void afterConnectionEstablished(WebSocketSession session) throws Exception {
			EVENTS.add("open " + Objects.requireNonNull(session.getUri()).getPath() + " " + session.getAttributes().get("from") + " "
					+ session.getAcceptedProtocol() + " " + session.getHandshakeHeaders().getFirst("x-trace") + " "
					+ session.isOpen() + " " + Objects.requireNonNull(session.getRemoteAddress()).getAddress().isLoopbackAddress() + " "
					+ session.getTextMessageSizeLimit());
			session.getAttributes().put("count", 0);
		}

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
			if (message.getPayload().equals("fragments")) {
				session.sendMessage(new TextMessage("frag", false));
				session.sendMessage(new PingMessage());
				session.sendMessage(new TextMessage("men", false));
				session.sendMessage(new TextMessage("ts", true));
				return;
			}
			if (message.getPayload().equals("close")) {
				session.close(new CloseStatus(4000, "as asked"));
				return;
			}
			int count = (Integer) session.getAttributes().merge("count", 1, (a, b) -> (Integer) a + (Integer) b);
			session.sendMessage(new TextMessage(count + " " + message.getPayload() + " " + message.isLast()));
		}

		@Override
		protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) throws Exception {
			session.sendMessage(new BinaryMessage(message.getPayload()));
		}

		@Override
		protected void handlePongMessage(WebSocketSession session, PongMessage message) {
			EVENTS.add("pong " + message.getPayload().get(0));
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			EVENTS.add("closed " + status.getCode() + " " + status.getReason() + " " + session.isOpen() + " at port "
					+ Objects.requireNonNull(session.getLocalAddress()).getPort());
		}
	}

	static class Handlers {
		@Bean
		WebSocketConfigurer chat(RequestUpgradeStrategy strategy) {
			return registry -> registry.addHandler(new Chat(), "/chat").setHandshakeHandler(new DefaultHandshakeHandler(strategy))
					.addInterceptors(new HttpSessionHandshakeInterceptor() {
						@Override
						public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response,
								WebSocketHandler handler, Map<String, Object> attributes) {
							attributes.put("from", "interceptor");
							return true;
						}
					});
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Handlers.class, "hawser.connection.close-timeout=10m");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void forget() {
		// a connection is removed after its last callback: no callback of another test comes after this
		await().until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == 0);
		EVENTS.clear();
	}

	private static String event() throws InterruptedException {
		return EVENTS.poll(60, TimeUnit.SECONDS);
	}

	@Test
	void livesItsWholeLifeOnOurEngine() throws Exception {
		try (RawClient client = RawClient.connect(server.port())
				.request(RawClient.handshake("/chat", "Sec-WebSocket-Protocol: chat.v1", "X-Trace: 17"))) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo("chat.v1");
			assertThat(event()).isEqualTo("open /chat interceptor chat.v1 17 true true 1048576");
			client.send(RawFrame.text("one"));
			assertThat(client.message().text()).isEqualTo("1 one true");
			client.send(RawFrame.text("t").unfinished(), RawFrame.continuation("wo"));
			assertThat(client.message().text()).as("attributes are kept").isEqualTo("2 two true");
			client.send(RawFrame.binary((byte) 1, (byte) 2));
			var binary = client.message();
			assertThat(binary.opcode()).isEqualTo(2);
			assertThat(binary.payload()).containsExactly(1, 2);
			client.send(RawFrame.pong((byte) 7));
			assertThat(event()).isEqualTo("pong 7");
			client.send(RawFrame.ping((byte) 8));
			var pong = client.frame();
			assertThat(pong.opcode()).isEqualTo(10);
			assertThat(pong.payload()).containsExactly(8);
			client.send(RawFrame.close(3000, "done"));
			assertThat(client.message().closeCode()).isEqualTo(3000);
			assertThat(client.ended()).isTrue();
			assertThat(event()).isEqualTo("closed 3000 done false at port " + server.port());
		}
	}

	@Test
	void sendsPartialMessages() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).upgrade("/chat").send(RawFrame.text("fragments"))) {
			assertThat(client.frame()).hasToString("opcode 1 unfinished \"frag\"");
			assertThat(client.frame().opcode()).isEqualTo(9);
			assertThat(client.frame()).hasToString("opcode 0 unfinished \"men\"");
			assertThat(client.frame()).hasToString("opcode 0 \"ts\"");
		}
	}

	@Test
	void closesByItself() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).upgrade("/chat").send(RawFrame.text("close"))) {
			event();
			var close = client.message();
			assertThat(close.closeCode()).isEqualTo(4000);
			assertThat(close.closeReason()).isEqualTo("as asked");
			client.send(RawFrame.close(4000, ""));
			assertThat(event()).isEqualTo("closed 4000 as asked false at port " + server.port());
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void knowsItsAddressesWhenTheClientHasGone(boolean reset) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).upgrade("/chat")) {
			event();
			client.socket().setSoLinger(reset, 0);
		}
		assertThat(event()).isEqualTo("closed 1006 null false at port " + server.port());
	}

	@Test
	void isClosedWith1011WhenItThrows() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).upgrade("/chat").send(RawFrame.pong())) {
			assertThat(client.message().closeCode()).as("there is no byte to read in an empty pong").isEqualTo(1011);
		}
	}

	@Test
	void leavesTheCallbacksPathAlone() throws Exception {
		try (RawClient client = server.connect().send(RawFrame.text("echo"))) {
			assertThat(client.message().text()).isEqualTo("echo");
			assertThat(EVENTS).isEmpty();
		}
	}
}
