package dev.hawser.application.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ForHub;
import dev.hawser.api.Frame;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;

/** Named endpoints: what each has of its own, and what it inherits. */
@ReadsLog
class HubTests {
	private static RunningHawser server;

	static class Callbacks {
		@Bean
		OnMessage anywhere() {
			return (server, frame) -> server.push(frame.fd(), "anywhere: " + frame.text());
		}

		@Bean
		@ForHub("chat")
		OnMessage chat() {
			return (server, frame) -> server.push(frame.fd(), "chat: " + frame.text());
		}

		@Bean
		@ForHub("chat")
		OnOpen welcome() {
			return (server, request) -> server.push(request.fd(), "welcome to " + request.hub());
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Callbacks.class, "hawser.handshake.subprotocols=base", "hawser.connection.max-message-size=200B",
				"hawser.hubs.chat.path=/v1/chat", "hawser.hubs.chat.handshake.token.required=true",
				"hawser.hubs.chat.handshake.allowed-origins=https://chat.example", "hawser.hubs.chat.handshake.subprotocols=chat",
				"hawser.hubs.chat.connection.limits.connections=1", "hawser.hubs.small.connection.max-message-size=10B");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void waitUntilNoClientIsConnected() {
		Awaitility.await().until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == 0);
	}

	private static RawClient connect(String target, String... headers) throws Exception {
		return RawClient.connect(server.port()).upgrade(target, headers);
	}

	private static String chat() {
		return "/v1/chat?access_token=" + RunningHawser.token();
	}

	private static int status(String target, String... headers) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			int status = client.request(RawClient.handshake(target, headers)).response().status();
			if (status == 101) {
				client.awaitOpen();
			}
			return status;
		}
	}

	private static String answer(String target) throws Exception {
		try (RawClient client = connect(target)) {
			return client.send(RawFrame.text("hi")).message().text();
		}
	}

	@Test
	void callsTheCallbacksOfTheHub() throws Exception {
		try (RawClient client = connect(chat())) {
			assertThat(client.message().text()).isEqualTo("welcome to chat");
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("chat: hi");
		}
	}

	@ParameterizedTest
	@MethodSource("inheriting")
	void callsTheOtherCallbacksWhereAHubHasNone(String target) throws Exception {
		assertThat(answer(target)).isEqualTo("anywhere: hi");
	}

	static Stream<String> inheriting() {
		return Stream.of("/ws", "/client/hubs/default", "/client/hubs/small");
	}

	static Stream<Arguments> doors() {
		String token = "access_token=" + RunningHawser.token();
		String origin = "Origin: https://chat.example";
		return Stream.of(
				Arguments.of("default needs no token", 101, "/ws", List.of()),
				Arguments.of("chat needs one", 401, "/v1/chat", List.of()),
				Arguments.of("chat needs one under its second path too", 401, "/client/hubs/chat", List.of()),
				Arguments.of("chat with a token", 101, "/client/hubs/chat?" + token, List.of()),
				Arguments.of("chat allows its origin", 101, "/v1/chat?" + token, List.of(origin)),
				Arguments.of("default does not allow that", 403, "/ws", List.of(origin)),
				Arguments.of("an unknown hub", 404, "/client/hubs/missing", List.of()),
				Arguments.of("a hub without a path has no other", 404, "/small", List.of()),
				Arguments.of("names are exact", 404, "/client/hubs/CHAT?" + token, List.of()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("doors")
	void hasRulesOfItsOwn(String label, int status, String target, List<String> headers) throws Exception {
		assertThat(status(target, headers.toArray(String[]::new))).isEqualTo(status);
	}

	@Test
	void settlesSubprotocolsByTheHub() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake(chat(), "Sec-WebSocket-Protocol: base, chat")).response()
					.header("Sec-WebSocket-Protocol")).isEqualTo("chat");
		}
		try (RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake("/client/hubs/small", "Sec-WebSocket-Protocol: chat, base")).response()
					.header("Sec-WebSocket-Protocol")).isEqualTo("base");
		}
	}

	@Test
	void inheritsWhatItDoesNotSet() throws Exception {
		byte[] hundred = new byte[100];
		try (RawClient small = connect("/client/hubs/small"); RawClient inherits = connect(chat())) {
			assertThat(small.send(RawFrame.binary(hundred)).frame().closeCode()).as("10 bytes at most").isEqualTo(1009);
			inherits.message();
			inherits.send(RawFrame.text("x".repeat(100)));
			assertThat(inherits.message().text()).hasSize(106);
			assertThat(inherits.send(RawFrame.binary(new byte[201])).frame().closeCode()).as("200 bytes at most").isEqualTo(1009);
		}
	}

	@Test
	void countsItsOwnConnections() throws Exception {
		try (RawClient first = connect(chat()); RawClient elsewhere = connect("/ws")) {
			first.message();
			elsewhere.awaitOpen();
			assertThat(status(chat())).isEqualTo(503);
			WebSocketServer all = server.bean(WebSocketServer.class);
			assertThat(all.connections("chat")).hasSize(1);
			assertThat(all.connections("missing")).isEmpty();
			assertThat(all.connectionInfo(all.connections("chat").findFirst().orElseThrow()).orElseThrow().hub()).isEqualTo("chat");
			MeterRegistry meters = server.bean(MeterRegistry.class);
			assertThat(meters.get("hawser.connections").tag("hub", "chat").gauge().value()).isEqualTo(1);
			assertThat(meters.get("hawser.connections").tag("hub", "default").gauge().value()).isEqualTo(1);
			elsewhere.send(RawFrame.text("x"));
			assertThat(elsewhere.message().text()).isEqualTo("anywhere: x");
		}
	}

	@Test
	void broadcastsToOneHub() throws Exception {
		WebSocketServer all = server.bean(WebSocketServer.class);
		try (RawClient chat = connect(chat()); RawClient other = connect("/ws")) {
			chat.message();
			assertThat(all.broadcast(Frame.text(0, "news"), all.connections("chat")).accepted()).isEqualTo(1);
			assertThat(chat.message().text()).isEqualTo("news");
			other.send(RawFrame.text("x"));
			assertThat(other.message().text()).as("not the news").isEqualTo("anywhere: x");
		}
	}

	// Bad configuration.

	static class ForNobody {
		@Bean
		@ForHub("missing")
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}
	}

	static Stream<Arguments> bad() {
		return Stream.of(
				Arguments.of("two with one path", Callbacks.class, "hawser.hubs.chat.path=/ws", "hawser.hubs.default.path is the path of"),
				Arguments.of("the other path of a hub", Callbacks.class, "hawser.hubs.chat.path=/client/hubs/default", "is the path of"),
				Arguments.of("no path", Callbacks.class, "hawser.hubs.chat.path=chat", "hawser.hubs.chat.path must be like /chat"),
				Arguments.of("a pattern as path", Callbacks.class, "hawser.hubs.chat.path=/a/*", "hawser.hubs.chat.path must be like"),
				Arguments.of("unknown property of a hub", Callbacks.class, "hawser.hubs.chat.pth=/x",
						"hawser.hubs.chat.pth is no property"),
				Arguments.of("unknown below", Callbacks.class, "hawser.hubs.chat.handshake.tokn.required=true",
						"hawser.hubs.chat.handshake.tokn.required is no property"),
				Arguments.of("bad value", Callbacks.class, "hawser.hubs.chat.connection.limits.per-user=-1",
						"hawser.hubs.chat.connection.limits.per-user must not be negative"),
				Arguments.of("no value of the type", Callbacks.class, "hawser.hubs.chat.connection.ping-interval=soon",
						"hawser.hubs.chat.connection.ping-interval has a value that is no Duration"),
				Arguments.of("bad name", Callbacks.class, "hawser.hubs[a/b].path=/x", "hawser.hubs has a hub whose name"),
				Arguments.of("callback for a hub that is not there", ForNobody.class, "hawser.handshake.require-origin=false",
						"'missing', which does not exist"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("bad")
	void stopsTheStartWithASentence(String label, Class<?> callbacks, String property, String sentence, CapturedOutput log) {
		List<String> properties = callbacks == Callbacks.class ? List.of("hawser.hubs.chat.connection.outbox-size=1KB", property)
				: List.of(property);
		try (RunningHawser started = RunningHawser.start(callbacks, properties.toArray(String[]::new))) {
			throw new AssertionError("started on " + started.port());
		}
		catch (RuntimeException e) {
			String report = log.getAll().substring(log.getAll().lastIndexOf("APPLICATION FAILED TO START"));
			assertThat(report).contains(sentence).doesNotContain("\tat ");
		}
	}
}
