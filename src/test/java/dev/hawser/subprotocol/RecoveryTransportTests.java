package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients with the reliable subprotocol that come back over TLS, and on streams of HTTP/2 (RFC 8441). */
class RecoveryTransportTests {
	private static final String ROLES = "&role=webpubsub.joinLeaveGroup&role=webpubsub.sendToGroup";
	private static RunningHawser clear;
	private static RunningHawser secure;

	@BeforeAll
	static void start() throws Exception {
		clear = RunningHawser.start(GroupCallbacks.class, "hawser.connection.close-timeout=10m");
		secure = RunningHawser.start(GroupCallbacks.class,
				CertificateChain.make().serverProperties("hawser.connection.close-timeout=10m"));
	}

	@AfterAll
	static void stop() {
		clear.close();
		secure.close();
	}

	private static RunningHawser server(ReliableSocket.Way way) {
		return way == ReliableSocket.Way.HTTP2_CLEARTEXT || way == ReliableSocket.Way.HTTP2_CLEARTEXT_CUT ? clear : secure;
	}

	/** A client on one socket after the other. */
	private static final class Peer implements AutoCloseable {
		final RunningHawser server;
		final String connectionId;
		final String token;
		ReliableSocket socket;

		Peer(ReliableSocket.Way way) throws Exception {
			server = server(way);
			socket = way.open(server.port(), "/client/hubs/default?user=ann" + ROLES);
			JsonNode connected = JsonMapper.shared().readTree(socket.message().text());
			connectionId = connected.path("connectionId").asString();
			token = connected.path("reconnectionToken").asString();
			socket.send(RawFrame.text("{\"type\":\"ping\"}"));
			assertThat(text()).as("the connection can be found").isEqualTo("{'type':'pong'}");
		}

		/** Breaks the socket, and waits until the server has noticed. */
		void leave() throws Exception {
			WebSocketConnection connection = Objects.requireNonNull(server.bean(Connections.class).find(connectionId));
			socket.cut();
			Awaitility.await().until(connection::isAway);
		}

		Peer comeBack(ReliableSocket.Way way) throws Exception {
			socket = way.open(server.port(), ReliablePeer.target(connectionId, token));
			return this;
		}

		void push(String text) {
			server.bean(Clients.class).send(Target.connection(connectionId), Frame.text(text));
		}

		String text() throws Exception {
			ReceivedFrame frame = socket.message();
			return frame.isClose() ? "close " + frame.closeCode() : frame.text().replace('"', '\'');
		}

		@Override
		public void close() throws IOException {
			socket.cut();
		}
	}

	@ParameterizedTest
	@EnumSource
	void sendsTheMissedMessagesOnceInOrder(ReliableSocket.Way way) throws Exception {
		try (Peer ann = new Peer(way)) {
			ann.push("a");
			ann.push("b");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "a"));
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(2, "b"));
			ann.socket.send(RawFrame.text("{\"type\":\"sequenceAck\",\"sequenceId\":1}"), RawFrame.text("{\"type\":\"ping\"}"));
			assertThat(ann.text()).isEqualTo("{'type':'pong'}");
			for (int i = 3; i < 6; i++) {
				ann.leave();
				ann.push("m" + i);
				ann.comeBack(way);
				assertThat(ann.text()).as("no second greeting").isEqualTo(ReliablePeer.message(2, "b"));
				for (int missed = 3; missed <= i; missed++) {
					assertThat(ann.text()).isEqualTo(ReliablePeer.message(missed, "m" + missed));
				}
			}
			ann.push("last");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(6, "last"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void takesOverFromASocketThatIsStillOpen(ReliableSocket.Way way) throws Exception {
		try (Peer ann = new Peer(way)) {
			ReliableSocket old = ann.socket;
			ann.push("a");
			ann.text();
			ann.comeBack(way);
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "a"));
			assertThat(old.message().closeCode()).isEqualTo(1012);
			old.awaitEnd();
			ann.push("b");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(2, "b"));
		}
	}

	/** Two streams of one HTTP/2 connection: the end of the first must not harm the second. */
	@Test
	void takesOverFromAStreamOfTheSameConnection() throws Exception {
		try (Peer ann = new Peer(ReliableSocket.Way.HTTP2_CLEARTEXT)) {
			ReliableSocket old = ann.socket;
			ann.push("a");
			ann.text();
			ann.socket = old.another(ReliablePeer.target(ann.connectionId, ann.token));
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "a"));
			assertThat(old.message().closeCode()).isEqualTo(1012);
			old.awaitEnd();
			ann.socket.send(RawFrame.text("{\"type\":\"ping\"}"));
			assertThat(ann.text()).isEqualTo("{'type':'pong'}");
		}
	}

	@ParameterizedTest
	@EnumSource
	void tellsAClientWithoutAProofToBeginAnew(ReliableSocket.Way way) throws Exception {
		ReliableSocket stranger = way.open(server(way).port(), ReliablePeer.target("test-1", "x.y.z"));
		assertThat(stranger.message().closeCode()).isEqualTo(1008);
		stranger.awaitEnd();
		stranger.cut();
	}

	/** More than the buffers of the socket and the windows of the stream take. */
	@ParameterizedTest
	@EnumSource
	void sendsEverythingToAClientThatHadStoppedReading(ReliableSocket.Way way) throws Exception {
		try (Peer ann = new Peer(way)) {
			ann.socket.stopReading();
			String large = "x".repeat(100_000);
			for (int i = 1; i <= 100; i++) {
				ann.push(i + large);
			}
			ann.leave();
			ann.push("last");
			ann.comeBack(way);
			for (int i = 1; i <= 100; i++) {
				assertThat(ann.text()).startsWith("{'sequenceId':" + i + ",").contains("'" + i + "xxx");
			}
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(101, "last"));
		}
	}

	/** What was not answered is repeated, in the same packets as the handshake. */
	@ParameterizedTest
	@EnumSource
	void carriesOutEachRequestOnceWhereverTheSocketBreaks(ReliableSocket.Way way) throws Exception {
		RawFrame[] requests = { RawFrame.text("{\"type\":\"joinGroup\",\"group\":\"cut\",\"ackId\":1}"),
				RawFrame.text("{\"type\":\"sendToGroup\",\"group\":\"cut\",\"data\":1,\"ackId\":2}"),
				RawFrame.text("{\"type\":\"sendToGroup\",\"group\":\"cut\",\"data\":2,\"ackId\":3}"),
				RawFrame.text("{\"type\":\"leaveGroup\",\"group\":\"cut\",\"ackId\":4}") };
		byte[] all = RawFrame.join(requests);
		for (int length = 0; length <= all.length; length += 17) {
			try (Peer ann = new Peer(way)) {
				ann.socket.send(Arrays.copyOf(all, length));
				ann.socket.cut();
				ann.socket = way.openAndSend(ann.server.port(), ReliablePeer.target(ann.connectionId, ann.token), requests);
				List<String> numbered = new ArrayList<>();
				for (String text = ann.text(); !text.contains("'ackId':4"); text = ann.text()) {
					if (text.contains("sequenceId")) {
						numbered.add(text.replaceAll("\\{'sequenceId':(\\d+),.*'data':(\\d)}", "$1 $2"));
					}
				}
				assertThat(numbered).as("cut after %d bytes", length).containsExactly("1 1", "2 2");
			}
		}
	}

	@Test
	void comesBackByAnotherWay() throws Exception {
		try (Peer ann = new Peer(ReliableSocket.Way.TLS)) {
			int number = 0;
			for (ReliableSocket.Way way : List.of(ReliableSocket.Way.HTTP2_TLS, ReliableSocket.Way.TLS, ReliableSocket.Way.HTTP2_TLS)) {
				ann.leave();
				ann.push("to " + way);
				ann.comeBack(way);
				for (int i = 1; i <= number; i++) {
					ann.text();
				}
				assertThat(ann.text()).isEqualTo(ReliablePeer.message(++number, "to " + way));
			}
		}
	}
}
