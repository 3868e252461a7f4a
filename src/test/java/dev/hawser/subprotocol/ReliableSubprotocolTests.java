package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** Conversations with a client of {@code json.reliable.webpubsub.azure.v1} on the wire. An apostrophe stands for a quotation mark. */
class ReliableSubprotocolTests {
	private static final String JOIN = "webpubsub.joinLeaveGroup";
	private static final String SEND = "webpubsub.sendToGroup";
	private static final String ACK = "{'type':'ack','ackId':1,'success':true}";
	private static RunningHawser server;
	private static RunningHawser narrow;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class);
		narrow = RunningHawser.start(GroupCallbacks.class, "hawser.reliable.window=200ms", "hawser.reliable.messages=3");
	}

	@AfterAll
	static void stop() {
		server.close();
		narrow.close();
	}

	private static double gauge(String name) {
		return server.bean(MeterRegistry.class).get(name).tag("hub", "default").gauge().value();
	}

	private static double recoveries(RunningHawser of, String outcome) {
		return of.bean(MeterRegistry.class).get("hawser.recoveries").tag("hub", "default").tag("outcome", outcome).counter().count();
	}

	private static String ofGroup(int number, int data) {
		return "{'sequenceId':" + number + ",'type':'message','from':'group','group':'g','fromUserId':'ann','dataType':'json','data':"
				+ data
				+ "}";
	}

	@Test
	void sendsTheMissedMessagesOnceInOrder() throws Exception {
		double before = recoveries(server, "recovered");
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.push("a");
			ann.push("b");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "a"));
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(2, "b"));
			assertThat(ann.send("{'type':'sequenceAck','sequenceId':1}").send("{'type':'ping'}").text()).isEqualTo("{'type':'pong'}");
			ann.leave();
			ann.push("c");
			assertThat(ann.exists()).isTrue();
			ann.comeBack();
			assertThat(ann.text()).as("no second greeting").isEqualTo(ReliablePeer.message(2, "b"));
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(3, "c"));
			ann.push("d");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(4, "d"));
			Awaitility.await().until(() -> recoveries(server, "recovered") > before);
		}
	}

	@Test
	void keepsGroupsRolesAndUserWithoutACallback() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann", JOIN, SEND); JsonPeer bob = JsonPeer.connect(server, "bob", SEND)) {
			assertThat(ann.send("{'type':'joinGroup','group':'keeps','ackId':1}").text()).isEqualTo(ACK);
			ann.leave();
			assertThat(bob.send("{'type':'sendToGroup','group':'keeps','data':7,'ackId':1}").text()).isEqualTo(ACK);
			ann.comeBack();
			assertThat(ann.text()).isEqualTo("{'sequenceId':1,'type':'message','from':'group','group':'keeps','fromUserId':'bob',"
					+ "'dataType':'json','data':7}");
			assertThat(ann.send("{'type':'leaveGroup','group':'keeps','ackId':2}").text())
					.isEqualTo("{'type':'ack','ackId':2,'success':true}");
		}
	}

	@Test
	void doesNotCarryOutARequestTwice() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann", JOIN, SEND)) {
			ann.send("{'type':'joinGroup','group':'g','ackId':1}").text();
			ann.send("{'type':'sendToGroup','group':'g','data':5,'ackId':2}");
			assertThat(ann.text()).isEqualTo(ofGroup(1, 5));
			ann.comeBack();
			assertThat(ann.text()).isEqualTo(ofGroup(1, 5));
			assertThat(ann.send("{'type':'sendToGroup','group':'g','data':5,'ackId':2}").text()).contains("'name':'Duplicate'");
			assertThat(ann.send("{'type':'ping'}").text()).isEqualTo("{'type':'pong'}");
		}
	}

	@Test
	void answersAnEventWithTheMessageBeforeTheAck() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.send("{'type':'event','event':'echo','dataType':'text','data':'x','ackId':1}");
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(1, "x"));
			assertThat(ann.text()).isEqualTo(ACK);
		}
	}

	@Test
	void endsAtOnceWhenTheClientCloses() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.raw().send(RawFrame.close(1000, "bye"));
			assertThat(ann.text()).isEqualTo("close 1000");
			Awaitility.await().until(() -> !ann.exists());
			assertThat(ann.comeBack().text()).isEqualTo("close 1008");
		}
	}

	@Test
	void endsAtOnceWhenTheServerClosesAClientThatIsAway() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.leave();
			server.bean(Clients.class).close(Target.connection(ann.connectionId), new CloseStatus(4000));
			Awaitility.await().until(() -> !ann.exists());
			assertThat(ann.comeBack().text()).isEqualTo("close 1008");
		}
	}

	@Test
	void closesAClientThatConfirmsTooLittle() throws Exception {
		double before = recoveries(narrow, "refused");
		try (ReliablePeer ann = ReliablePeer.connect(narrow, "ann")) {
			for (int i = 1; i <= 3; i++) {
				ann.push("m" + i);
				assertThat(ann.text()).isEqualTo(ReliablePeer.message(i, "m" + i));
			}
			ann.push("m4");
			assertThat(ann.text()).isEqualTo("{'type':'system','event':'disconnected','message':'too many unconfirmed messages'}");
			assertThat(ann.text()).isEqualTo("close 1008");
			assertThat(ann.comeBack().text()).isEqualTo("close 1008");
			Awaitility.await().until(() -> recoveries(narrow, "refused") > before);
		}
	}

	@Test
	void endsWhenTheWindowIsOver() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(narrow, "ann")) {
			ann.leave();
			Awaitility.await().until(() -> !ann.exists());
			assertThat(ann.comeBack().text()).isEqualTo("close 1008");
		}
	}

	@Test
	void leavesNoGapForAMessageThatWasOfUseForAWhileOnly() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.leave();
			server.bean(Clients.class).send(Target.connection(ann.connectionId), Frame.text("late"), Duration.ofMillis(1));
			ann.push("a");
			long end = System.nanoTime() + Duration.ofMillis(5).toNanos();
			Awaitility.await().until(() -> System.nanoTime() > end);
			assertThat(ann.comeBack().text()).isEqualTo(ReliablePeer.message(1, "a"));
		}
	}

	/** The time that a client gives its message counts as that of the push API. */
	@Test
	void dropsWhatAClientSentToAGroupForAWhileOnly() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann", "webpubsub.sendToGroup", "webpubsub.joinLeaveGroup");
				ReliablePeer bob = ReliablePeer.connect(server, "bob", "webpubsub.joinLeaveGroup")) {
			bob.send("{'type':'joinGroup','group':'ttl','ackId':1}").text();
			bob.leave();
			ann.send("{'type':'sendToGroup','group':'ttl','data':1,'ttlSeconds':1,'ackId':1}").text();
			ann.send("{'type':'sendToGroup','group':'ttl','data':2,'ttlSeconds':300,'ackId':2}").text();
			ann.send("{'type':'sendToGroup','group':'ttl','data':3,'ttlSeconds':0,'ackId':3}").text();
			long end = System.nanoTime() + Duration.ofMillis(1100).toNanos();
			Awaitility.await().until(() -> System.nanoTime() > end);
			assertThat(bob.comeBack().text()).contains("'sequenceId':1", "'data':2");
			assertThat(bob.text()).contains("'sequenceId':2", "'data':3");
		}
	}

	@Test
	void showsTheNumberOfThoseAwayAndWhatIsKeptForThem() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			ann.leave();
			ann.push("a");
			assertThat(gauge("hawser.connections.away")).isPositive();
			assertThat(gauge("hawser.unconfirmed")).isPositive();
			ann.comeBack().text();
		}
	}

	/** The client's socket breaks after each byte of its requests; the client repeats what was not answered. */
	@Test
	void carriesOutEachRequestOnceWhereverTheSocketBreaks() throws Exception {
		byte[] requests = join(RawFrame.text("{\"type\":\"joinGroup\",\"group\":\"cut\",\"ackId\":1}"),
				RawFrame.text("{\"type\":\"sendToGroup\",\"group\":\"cut\",\"data\":1,\"ackId\":2}"),
				RawFrame.text("{\"type\":\"sendToGroup\",\"group\":\"cut\",\"data\":2,\"ackId\":3}"));
		for (int length = 0; length <= requests.length; length++) {
			try (ReliablePeer ann = ReliablePeer.connect(server, "ann" + length, JOIN, SEND)) {
				ann.raw().send(Arrays.copyOf(requests, length));
				ann.comeBack();
				ann.raw().send(requests);
				ann.send("{'type':'leaveGroup','group':'cut','ackId':4}");
				StringBuilder all = new StringBuilder();
				for (String text = ann.text(); !text.contains("'ackId':4"); text = ann.text()) {
					all.append(text.replaceAll(".*'(sequenceId|ackId)':(\\d+).*?('data':\\d|'success':true|Duplicate).*", "$2 $3"))
							.append('\n');
				}
				assertThat(all.toString().lines().filter(line -> line.contains("data"))).as("cut after %d bytes: %s", length, all)
						.containsExactly("1 'data':1", "2 'data':2");
				assertThat(all.toString().lines().filter(line -> !line.contains("data")).map(line -> line.substring(0, 1)).distinct())
						.as("a late ack of the earlier socket may come as well").containsExactlyInAnyOrder("1", "2", "3");
			}
		}
	}

	/** The client reads this much of what the server sends, and then its socket breaks. */
	@Test
	void sendsTheRestWhereverTheClientStopsReading() throws Exception {
		for (int length = 0; length <= 156; length += 6) {
			try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
				ann.push("a");
				ann.push("b");
				assertThat(ann.raw().socket().getInputStream().readNBytes(length)).hasSizeLessThanOrEqualTo(length);
				ann.leave();
				ann.push("c");
				ann.comeBack();
				for (int i = 1; i <= 3; i++) {
					assertThat(ann.text()).isEqualTo(ReliablePeer.message(i, "" + (char) ('a' + i - 1)));
				}
			}
		}
	}

	private static byte[] join(RawFrame... frames) {
		byte[] all = new byte[0];
		for (RawFrame frame : frames) {
			byte[] bytes = frame.bytes();
			all = Arrays.copyOf(all, all.length + bytes.length);
			System.arraycopy(bytes, 0, all, all.length - bytes.length, bytes.length);
		}
		return all;
	}
}
