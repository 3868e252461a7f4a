package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may come back to a connection, and what a client without a proof gets. */
class ReturningClientTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void takesOverFromASocketThatIsStillOpen() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.push("a");
			ann.text();
			RawClient old = ann.raw();
			ann.takeOver();
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "a"));
			assertThat(old.ended()).as("the old socket is closed").isTrue();
			ann.push("b");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(2, "b"));
		}
	}

	static Stream<Arguments> wrongTokens() {
		return Stream.of(
				Arguments.of("none", (UnaryOperator<String>) _ -> ""),
				Arguments.of("no token at all", (UnaryOperator<String>) _ -> "x.y.z"),
				Arguments.of("changed in the last byte", (UnaryOperator<String>) token -> token.substring(0, token.length() - 2) + "AA"),
				Arguments.of("without signature",
						(UnaryOperator<String>) token -> "eyJhbGciOiJub25lIn0"
								+ token.substring(token.indexOf('.'), token.lastIndexOf('.') + 1)),
				Arguments.of("a token for clients", (UnaryOperator<String>) _ -> RunningHawser.token()),
				Arguments.of("very long", (UnaryOperator<String>) token -> token + "A".repeat(5000)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongTokens")
	void tellsAClientWithoutAProofToBeginAnew(String name, UnaryOperator<String> change) throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.leave();
			assertThat(refusal(ann.connectionId, change.apply(ann.token))).as(name).isEqualTo(refusal("test-9999999", ann.token));
			ann.comeBack();
			ann.push("still here");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "still here"));
		}
	}

	@Test
	void refusesTheTokenOfAnotherConnection() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann"); ReliablePeer bob = ReliablePeer.connect(server, "bob")) {
			assertThat(refusal(ann.connectionId, bob.token)).startsWith("1008 ");
			ann.push("undisturbed");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "undisturbed"));
		}
	}

	/** What comes after the 101, up to the end of the socket. */
	private static String refusal(String connectionId, String token) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).upgrade(ReliablePeer.target(connectionId, token), ReliablePeer.PROTOCOL)) {
			byte[] close = client.frame().payload();
			assertThat(client.ended()).isTrue();
			return ((close[0] & 0xFF) << 8 | (close[1] & 0xFF)) + " " + new String(close, 2, close.length - 2, StandardCharsets.UTF_8);
		}
	}

	@Test
	void isAnOrdinaryHandshakeWithoutTheSubprotocol() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann");
				RawClient other = RawClient.connect(server.port()).upgrade(ReliablePeer.target(ann.connectionId, ann.token))) {
			assertThat(other.send(RawFrame.ping()).frame().opcode()).isEqualTo(10);
			ann.push("undisturbed");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "undisturbed"));
		}
	}
}
