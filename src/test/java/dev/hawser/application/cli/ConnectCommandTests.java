package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Frame;
import dev.hawser.api.OnMessage;
import dev.hawser.protocol.Opcode;
import dev.hawser.testing.RunningHawser;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;

/** The client of the command line, used by scripts: its input is no terminal. */
class ConnectCommandTests {
	private static RunningHawser server;

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				switch (frame.opcode() == Opcode.TEXT ? frame.text() : "") {
					case "leave" -> server.disconnect(frame.fd(), new CloseStatus(4321, "gone"));
					case "bell" -> server.push(frame.fd(), Frame.text("\u001b]0;title\u0007\u202e"));
					default -> server.push(frame.fd(), frame);
				}
			};
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Callbacks.class, "hawser.handshake.subprotocols=chat");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static Called connect(String input, String... more) {
		return Called.with(Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET), input,
				Called.more(new String[] { "connect", server.url() }, more));
	}

	@Test
	void sendsEachLineAndShowsEachFrameWithTimeAndSize() {
		Called called = connect("Grüße\n//slash\n", "--messages", "2", "--wait", "1m");
		assertThat(called.exitCode()).as(called.err()).isZero();
		assertThat(called.out()).containsPattern("(?m)^[0-9:.]{12} open, in [0-9.]+ ms")
				.containsPattern("(?m)^[0-9:.]{12} > text 7 B$").containsPattern("(?m)^[0-9:.]{12} < text 7 B  Grüße$")
				.containsPattern("< text 6 B  /slash").containsPattern("(?m)^[0-9:.]{12} < close 1000$");
	}

	@Test
	void writesOnlyTheMessagesForScripts() {
		assertThat(connect("one\ntwo\n", "--plain", "--messages", "2", "--wait", "1m").out()).isEqualTo("one\ntwo\n");
	}

	@Test
	void closesWhenTheInputHasEndedAndNothingComesAnyMore() {
		assertThat(connect("one\n", "--plain", "--wait", "300ms")).returns(0, Called::exitCode).returns("one\n", Called::out);
	}

	@Test
	void sendsBinaryMessages() {
		assertThat(connect("abc\n", "--binary", "--messages", "1", "--wait", "1m").out()).contains("> binary 3 B",
				"< binary 3 B  61 62 63");
	}

	@Test
	void pingsAndClosesWithACode() {
		Called called = connect("/ping hello\n/close 4000 signed out\n", "--wait", "1m");
		assertThat(called.exitCode()).as(called.toString()).isZero();
		assertThat(called.out()).contains("> ping 5 B").containsPattern("< pong 5 B, after [0-9.]+ ms").contains("> close 4000 12 B",
				"< close 4000");
	}

	@Test
	void saysWhyACommandIsWrongAndGoesOn() {
		Called called = connect("/nonsense\n/close 1006\n/close x\n/ping " + "x".repeat(126) + "\nstill here\n", "--plain", "--messages",
				"1",
				"--wait", "1m");
		assertThat(called).returns(0, Called::exitCode).returns("still here\n", Called::out);
		assertThat(called.err()).contains("There is no command /nonsense", "cannot close with 1006", "is a number", "at most 125 bytes");
	}

	@Test
	void endsWithOneWhenTheServerCloses() {
		Called called = connect("leave\n", "--wait", "1m");
		assertThat(called.exitCode()).isEqualTo(1);
		assertThat(called.out()).contains("< close 4321  gone");
	}

	@Test
	void offersSubprotocols() {
		assertThat(connect("", "--subprotocol", "other", "--subprotocol", "chat", "--wait", "0s").out()).contains("subprotocol chat");
	}

	@Test
	void saysWhyTheHandshakeIsRefused() {
		assertThat(connect("", "--no-token")).returns(1, Called::exitCode).extracting(Called::err).asString()
				.startsWith("refused with 401 (token-missing): ");
		assertThat(connect("", "--origin", "https://evil.example")).returns(1, Called::exitCode).extracting(Called::err).asString()
				.startsWith("refused with 403 (origin)");
	}

	@Test
	void showsControlCharactersAsEscapes() {
		assertThat(connect("bell\n", "--messages", "1", "--wait", "1m").out()).contains("\\u001b]0;title\\u0007\\u202e")
				.doesNotContain("\u001b");
	}

	@Test
	void writesFramesAsJson() {
		String[] lines = connect("one\n", "--json", "--messages", "1", "--wait", "1m").out().split("\n", -1);
		assertThat(lines).anySatisfy(line -> assertThat(line).contains("\"direction\":\"in\"", "\"kind\":\"text\"", "\"size\":3",
				"\"text\":\"one\""));
	}
}
