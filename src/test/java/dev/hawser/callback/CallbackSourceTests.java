package dev.hawser.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.ForHub;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.handshake.ApplicationDecision;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.util.EnumSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** Where callbacks come from, and whether a source's decision about a handshake overrules the checks. */
@ReadsLog
class CallbackSourceTests {
	private static final Queue<String> CALLED = new ConcurrentLinkedQueue<>();

	/** Refuses clients that ask for a refusal; greets the others in a deferred task, and then in OnOpen. */
	private static Callbacks greeting(WebSocketServer server, ApplicationDecision.Turn turn) {
		OnHandShake decision = (request, response) -> {
			CALLED.add("decides about " + request.rejection().map(rejection -> rejection.reason()).orElse("nothing"));
			server.defer(() -> CALLED.add("deferred"));
			if (request.query().containsKey("unwanted")) {
				response.status(418).end();
			}
			else {
				response.accept();
			}
		};
		return new Callbacks(Callbacks.decision(decision, turn), (_, _) -> CALLED.add("open"),
				(_, frame) -> server.push(frame.fd(), "source: " + frame.text()), null, null,
				EnumSet.noneOf(CallbackKind.class));
	}

	static class After {
		@Bean
		@Order(-1)
		CallbackSource source(WebSocketServer server) {
			return hub -> hub.equals("default") ? greeting(server, ApplicationDecision.Turn.AFTER_THE_CHECKS) : null;
		}

		@Bean
		OnMessage beans() {
			return (server, frame) -> server.push(frame.fd(), "bean: " + frame.text());
		}
	}

	private static int status(RunningHawser server, String target, String... headers) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake(target, headers)).response().status();
		}
	}

	@Test
	void decidesAfterTheDoorAndIsThenToldOfTheOpening() throws Exception {
		CALLED.clear();
		try (RunningHawser server = RunningHawser.startSecure(After.class, "hawser.hubs.beans.path=/beans")) {
			assertThat(status(server, "/ws")).as("what the door refuses stands").isEqualTo(401);
			assertThat(status(server, "/ws?access_token=" + RunningHawser.token(), "Origin: https://elsewhere.example")).isEqualTo(403);
			assertThat(CALLED).as("not even asked").isEmpty();
			assertThat(status(server, "/ws?unwanted&access_token=" + RunningHawser.token())).isEqualTo(418);
			assertThat(CALLED).containsExactly("decides about nothing");
			CALLED.clear();
			try (RawClient client = RawClient.connect(server.port()).upgrade("/ws?access_token=" + RunningHawser.token())) {
				assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("source: hi");
				assertThat(CALLED).containsExactly("decides about nothing", "deferred", "open");
			}
			try (RawClient client = RawClient.connect(server.port()).upgrade("/beans?access_token=" + RunningHawser.token())) {
				assertThat(client.send(RawFrame.text("hi")).message().text()).as("the next source").isEqualTo("bean: hi");
			}
		}
	}

	// Without callbacks.

	static class ForChat {
		@Bean
		@ForHub("chat")
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), "chat: " + frame.text());
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			hawser.hubs.chat.path=/chat                                          | chat
			hawser.hubs.default.callbacks=none, hawser.hubs.ticker.path=/ticker | ticker
			hawser.hubs.chat.callbacks=found                                     | chat
			""")
	void stopsTheStartWhereAHubWithAKeyHasNoCallbacks(String properties, String hub, CapturedOutput log) {
		String[] all = ("hawser.callbacks.echo=false, hawser.hubs.default.callbacks=none, " + properties).split(", *");
		assertThatThrownBy(() -> RunningHawser.startSecure(Echo.class, all).close()).isNotNull();
		assertThat(log).contains("APPLICATION FAILED TO START",
				"The hub '" + hub + "' has no callbacks: what its clients send would go nowhere.", "LOADER_PATH",
				"hawser.hubs." + hub + ".callbacks=none", "hawser.callbacks.echo=true").doesNotContain("\tat ");
	}

	@Test
	void echoesInADevelopmentStart(CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.startAsConfigured(Echo.class, "hawser.callbacks.echo=false",
				"hawser.handshake.token.required=false"); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("hi");
			assertThat(log).contains("No callback beans found for hub default: the built-in demonstration echoes every message");
		}
	}

	@Test
	void onlySendsWhereAHubHasNoCallbacksOnPurpose() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.hubs.default.callbacks=none");
				RawClient client = server.connect()) {
			client.send(RawFrame.ping());
			assertThat(client.frame().opcode()).as("a pong").isEqualTo(10);
			WebSocketServer all = server.bean(WebSocketServer.class);
			all.push(all.connections("default").findFirst().orElseThrow(), "news");
			assertThat(client.message().text()).isEqualTo("news");
			ReceivedFrame refusal = client.send(RawFrame.text("for nothing")).message();
			assertThat(refusal.opcode()).isEqualTo(8);
			assertThat(refusal.payload()).startsWith(1011 >> 8, 1011 & 0xFF);
		}
	}

	@Test
	void refusesTheSettingNoneForAHubWithCallbacks(CapturedOutput log) {
		assertThatThrownBy(() -> RunningHawser.start(ForChat.class, "hawser.hubs.chat.callbacks=none").close()).isNotNull();
		assertThat(log).contains("hawser.hubs.chat.callbacks is none, but there are callbacks for the hub 'chat'.");
	}
}
