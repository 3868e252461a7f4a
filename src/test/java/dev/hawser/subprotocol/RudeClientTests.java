package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients get that want too much, or confirm what they cannot have. */
class RudeClientTests {
	private static final String JOIN = "webpubsub.joinLeaveGroup";
	private static final String SEND = "webpubsub.sendToGroup";
	private static final int MANY = 2000;
	private static final long BOUND = 2048;
	private static RunningHawser server;
	private static RunningHawser narrow;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class);
		narrow = RunningHawser.start(GroupCallbacks.class, "hawser.reliable.size=2KB");
	}

	@AfterAll
	static void stop() {
		server.close();
		narrow.close();
	}

	@Test
	void joinsAsManyGroupsAsOneMayAndNoMore() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann", JOIN, SEND)) {
			for (int i = 0; i <= WebSocketServer.MAX_GROUPS; i++) {
				ann.send("{'type':'joinGroup','group':'many" + i + "','ackId':" + i + "}");
			}
			for (int i = 0; i < WebSocketServer.MAX_GROUPS; i++) {
				assertThat(ann.text()).isEqualTo("{'type':'ack','ackId':" + i + ",'success':true}");
			}
			assertThat(ann.text())
					.contains("'ackId':" + WebSocketServer.MAX_GROUPS + ",'success':false,'error':{'name':'InternalServerError'");
			assertThat(ann.send("{'type':'joinGroup','group':'many0','ackId':100000}").text()).as("joined already").contains("true");
			assertThat(ann.send("{'type':'leaveGroup','group':'many0','ackId':100001}").text()).contains("true");
			assertThat(ann.send("{'type':'joinGroup','group':'one more','ackId':100002}").text()).contains("true");
		}
	}

	@Test
	void takesNoHugeNameOfAGroup() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann", JOIN)) {
			assertThat(ann.send("{'type':'joinGroup','group':'" + "g".repeat(1_000_000) + "'}").text()).contains(Wrong.GROUP.reason());
			assertThat(ann.text()).isEqualTo("close 1007");
		}
		try (JsonPeer ann = JsonPeer.connect(server, "ann", JOIN)) {
			ann.send("{'type':'joinGroup','group':'" + "g".repeat(1024 * 1024) + "'}");
			assertThat(ann.text()).contains("disconnected");
			assertThat(ann.text()).isEqualTo("close 1009");
		}
	}

	@Test
	void readsARequestInFragments() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			ann.raw().send(RawFrame.text("{\"type\":").unfinished(), RawFrame.ping(), RawFrame.continuation("\"ping").unfinished(),
					RawFrame.continuation("\"}"));
			assertThat(ann.frame().opcode()).isEqualTo(10);
			assertThat(ann.text()).isEqualTo("{'type':'pong'}");
			ann.raw().send(RawFrame.binary(new byte[] { '{' }).unfinished(), RawFrame.continuation("}"));
			assertThat(ann.text()).contains("disconnected");
			assertThat(ann.text()).isEqualTo("close 1003");
		}
	}

	@Test
	void repeatsNothingThatWasConfirmedInAnyOrder() throws Exception {
		try (ReliablePeer ann = ReliablePeer.connect(server, "ann")) {
			for (int i = 1; i <= 4; i++) {
				ann.push("m" + i);
				ann.text();
			}
			for (String confirmed : new String[] { "3", "1", "0", "3" }) {
				ann.send("{'type':'sequenceAck','sequenceId':" + confirmed + "}");
			}
			assertThat(ann.send("{'type':'ping'}").text()).contains("pong");
			ann.comeBack();
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(4, "m4"));
			ann.send("{'type':'sequenceAck','sequenceId':18446744073709551615}");
			assertThat(ann.send("{'type':'ping'}").text()).contains("pong");
			ann.push("m5");
			assertThat(ann.text()).as("a confirmation is not for later messages").isEqualTo(ReliablePeer.message(5, "m5"));
			ann.comeBack();
			assertThat(ann.text()).isEqualTo(ReliablePeer.message(5, "m5"));
		}
	}

	/** What answers a request is not kept, so that it needs no room among what is. */
	@Test
	void answersAClientForWhichNoMoreCanBeKept() throws Exception {
		Hub hub = narrow.bean(Hubs.class).get(Hub.DEFAULT);
		try (ReliablePeer ann = ReliablePeer.connect(narrow, "ann")) {
			do {
				ann.push("x");
				assertThat(ann.text()).contains("sequenceId");
			}
			while (hub.unconfirmedBytes() <= BOUND - 100);
			for (int i = 1; i <= 20; i++) {
				assertThat(ann.send("{'type':'event','event':'throw','data':1,'ackId':" + i + "}").text())
						.contains("'ackId':" + i + ",'success':false");
			}
		}
	}

	/** It would miss answers otherwise, and never learn of it. */
	@Test
	void closesAClientThatAsksAndDoesNotRead() throws Exception {
		double before = closesWith1008();
		try (ReliablePeer ann = ReliablePeer.connect(narrow, "ann")) {
			RawFrame[] pings = new RawFrame[MANY];
			Arrays.fill(pings, RawFrame.text("{\"type\":\"ping\"}"));
			Instant end = Instant.now().plus(Duration.ofMinutes(1)); // the server goes on reading as long as a client may take to close
			assertThatIOException().isThrownBy(() -> {
				while (Instant.now().isBefore(end)) {
					ann.raw().send(pings);
				}
			});
			Awaitility.await().until(() -> closesWith1008() == before + 1);
			assertThat(ann.exists()).isFalse();
		}
	}

	private static double closesWith1008() {
		return narrow.bean(MeterRegistry.class).find("hawser.closes").tag("code", "1008").counters().stream().mapToDouble(Counter::count)
				.sum();
	}
}
