package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.operations.Drain;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Together;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.socket.CloseStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who may come back to a connection, and what a client without a proof gets. */
class ReturningClientTests {
	private static final int RACING = 16;
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class, "hawser.hubs.other.path=/other");
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
			ReceivedFrame close = old.frame();
			assertThat(close.closeCode()).as("the old socket is told").isEqualTo(1012);
			assertThat(close.text()).endsWith("replaced by another socket");
			assertThat(old.ended()).as("and closed").isTrue();
			ann.push("b");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(2, "b"));
		}
	}

	@Test
	void mayComeBackForAWeek() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			JsonNode claims = JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(ann.token.split("\\.", -1)[1]));
			assertThat(Duration.ofSeconds(claims.path("exp").asLong() - claims.path("iat").asLong())).isEqualTo(Duration.ofDays(7));
		}
	}

	/** The connection counts for the address that its client has now, and for no other. */
	@Test
	void countsForTheAddressThatItComesBackFrom() throws Exception {
		try (RunningHawser limited = RunningHawser.start(GroupCallbacks.class, "hawser.connection.limits.per-address=1");
				ReliablePeer ann = ReliablePeer.connect(limited, "ann")) {
			assertThat(status(limited, "127.0.0.1")).isEqualTo(429);
			ann.leave();
			assertThat(status(limited, "127.0.0.1")).as("it counts while it is away").isEqualTo(429);
			try (RawClient back = from("127.0.0.2", limited).upgrade(ReliablePeer.target(ann.connectionId, ann.token),
					ReliablePeer.PROTOCOL)) {
				back.awaitOpen();
				assertThat(status(limited, "127.0.0.2")).isEqualTo(429);
				assertThat(status(limited, "127.0.0.1")).isEqualTo(101);
				back.send(RawFrame.close(1000, ""));
				assertThat(back.message().closeCode()).isEqualTo(1000);
				Awaitility.await().until(() -> status(limited, "127.0.0.2") == 101);
			}
		}
	}

	private static RawClient from(String address, RunningHawser to) throws IOException {
		return RawClient.over(new Socket(InetAddress.getLoopbackAddress(), to.port(), InetAddress.getByName(address), 0));
	}

	private static int status(RunningHawser server, String address) throws Exception {
		try (RawClient client = from(address, server)) {
			int status = client.request(RawClient.handshake("/ws")).response().status();
			if (status == 101) {
				client.send(RawFrame.close(1000, ""));
				client.message();
			}
			return status;
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

	/** Each hub has its own connections. */
	@Test
	void refusesToComeBackAtAnotherHub() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann");
				RawClient other = RawClient.connect(server.port()).upgrade(
						ReliablePeer.target(ann.connectionId, ann.token).replace("/hubs/default", "/hubs/other"), ReliablePeer.PROTOCOL)) {
			assertThat(other.message().closeCode()).isEqualTo(1008);
			ann.push("undisturbed");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "undisturbed"));
		}
	}

	private static double recoveries() {
		return server.bean(MeterRegistry.class).get("hawser.recoveries").tag("hub", "default").counters().stream()
				.mapToDouble(Counter::count).sum();
	}

	/** One socket is left, and gets everything; the others are closed. */
	@Test
	void hasOneSocketWhenManyComeBackAtOnce() throws Exception {
		Queue<RawClient> all = new ConcurrentLinkedQueue<>();
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.push("missed");
			ann.text();
			double before = recoveries();
			Together.run(RACING, _ -> all.add(RawClient.connect(server.port())
					.upgrade(ReliablePeer.target(ann.connectionId, ann.token), ReliablePeer.PROTOCOL)));
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> recoveries() == before + RACING);
			ann.push("last");
			List<String> latest = all.stream().map(ReturningClientTests::messages).filter(texts -> texts.contains("last")).toList();
			assertThat(latest).containsExactly("missed last ");
		}
		finally {
			for (RawClient each : all) {
				each.close();
			}
		}
	}

	/** The data of all messages up to the last one, or to the end of the socket. */
	private static String messages(RawClient client) {
		StringBuilder texts = new StringBuilder();
		try {
			while (!texts.toString().contains("last")) {
				texts.append(client.message().text().replaceAll(".*\"data\":\"(\\w+)\"}", "$1 "));
			}
		}
		catch (IOException e) {
			texts.append("end");
		}
		return texts.toString();
	}

	static Stream<Arguments> endsOfAConnection() {
		return Stream.of(
				Arguments.of("the user is revoked",
						(BiConsumer<Clients, ReliablePeer>) (clients, ann) -> clients.revoke(Target.user("ann"))),
				Arguments.of("the connection is closed", (BiConsumer<Clients, ReliablePeer>) (clients, ann) -> clients
						.close(Target.connection(ann.connectionId), new CloseStatus(1000))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("endsOfAConnection")
	void tellsAClientToBeginAnewWhenItsConnectionEndedMeanwhile(String name, BiConsumer<Clients, ReliablePeer> end) throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.leave();
			end.accept(server.bean(Clients.class), ann);
			Awaitility.await().until(() -> !ann.exists());
			assertThat(refusal(ann.connectionId, ann.token)).as(name).startsWith("1008 ");
		}
	}

	/** Neither the time of an absence nor another socket make a token last longer. */
	@Test
	void endsWithItsTokenWhileTheClientIsAway() throws Exception {
		try (RunningHawser secure = RunningHawser.startSecure(NoCallbacks.class);
				RawClient client = RawClient.connect(secure.port())
						.upgrade("/client/hubs/default?access_token=" + RunningHawser.token(), ReliablePeer.PROTOCOL)) {
			JsonNode connected = JsonMapper.shared().readTree(client.message().text());
			String id = connected.path("connectionId").asString();
			Clients clients = secure.bean(Clients.class);
			Awaitility.await().until(() -> clients.exists(Target.connection(id)).toCompletableFuture().join());
			WebSocketConnection connection = Objects.requireNonNull(secure.bean(Connections.class).find(id));
			client.socket().close();
			Awaitility.await().until(connection::isAway);
			clients.renew(Target.connection(id), new Renewal("developer", null, Instant.now().plusMillis(50)));
			Awaitility.await().until(() -> !clients.exists(Target.connection(id)).toCompletableFuture().join());
			try (RawClient again = RawClient.connect(secure.port())
					.upgrade(ReliablePeer.target(id, connected.path("reconnectionToken").asString()), ReliablePeer.PROTOCOL)) {
				assertThat(again.message().closeCode()).isEqualTo(1008);
			}
		}
	}

	/** A drain refuses all handshakes; afterwards the connection has ended. */
	@Test
	void takesNoClientBackDuringADrain() throws Exception {
		try (RunningHawser draining = RunningHawser.start(GroupCallbacks.class, "hawser.drain.window=1h");
				ReliablePeer ann = ReliablePeer.connect(draining, "ann")) {
			ann.leave();
			Drain drain = draining.bean(Drain.class);
			drain.begin();
			Awaitility.await().until(drain::turnsAway);
			try (RawClient client = RawClient.connect(draining.port())) {
				RawClient.Response answer = client
						.request(RawClient.handshake(ReliablePeer.target(ann.connectionId, ann.token), ReliablePeer.PROTOCOL)).response();
				assertThat(answer.status()).isEqualTo(503);
				assertThat(answer.header("Retry-After")).isNotNull();
			}
			Awaitility.await().until(() -> !ann.exists());
			assertThat(drain.end()).isTrue();
			assertThat(ann.takeOver().text()).isEqualTo("close 1008");
		}
	}
}
