package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Permission;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which subprotocol a client gets, by its path, what it offers, and its query. */
class NegotiationTests {
	private static final String JSON = "json.webpubsub.azure.v1";
	private static final String SEND = "role=webpubsub.sendToGroup.room";
	private static final int LARGEST = 1024 * 1024;
	private static RunningHawser server;
	private static RunningHawser allowing;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class, "hawser.handshake.subprotocols=chat");
		allowing = RunningHawser.start(GroupCallbacks.class, "hawser.handshake.subprotocols=chat," + JSON);
	}

	@AfterAll
	static void stop() {
		server.close();
		allowing.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			false | /client/hubs/default | json.webpubsub.azure.v1               | json.webpubsub.azure.v1
			false | /client/hubs/default | chat, json.webpubsub.azure.v1         | chat
			false | /client/hubs/default | json.webpubsub.azure.v1, chat         | json.webpubsub.azure.v1
			false | /client/hubs/default | protobuf.webpubsub.azure.v1           |
			false | /client/hubs/default | JSON.webpubsub.azure.v1               |
			false | /ws                  | json.webpubsub.azure.v1               |
			false | /ws                  | json.webpubsub.azure.v1, chat         | chat
			true  | /ws                  | json.webpubsub.azure.v1               | json.webpubsub.azure.v1
			""")
	void agreesOnOneThatTheClientOffers(boolean allowed, String path, String offered, String agreed) throws Exception {
		try (RawClient client = RawClient.connect((allowed ? allowing : server).port())) {
			RawClient.Response answer = client.request(RawClient.handshake(path + "?user=ann", "Sec-WebSocket-Protocol: " + offered))
					.response();
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo(agreed);
			if (JSON.equals(agreed)) {
				assertThat(client.message().text()).contains("\"event\":\"connected\"");
			}
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			webpubsub_mode=other                              | webpubsub_mode must be sendEvent or sendToGroup
			webpubsub_mode=                                   | webpubsub_mode must be sendEvent or sendToGroup
			webpubsub_mode=sendToGroup                        | needs a group
			webpubsub_mode=sendToGroup&group=                 | must have 1 to 1024 characters
			webpubsub_mode=sendToGroup&group=%20              | must not be only spaces
			webpubsub_mode=sendToGroup&group=room&noEcho=1    | noEcho must be
			""")
	void refusesAModeThatMakesNoSense(String query, String why) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			RawClient.Response answer = client.request(RawClient.handshake("/client/hubs/default?" + query)).response();
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.body()).contains("subprotocol-mode").contains(why);
		}
	}

	private static RawClient raw(String query) throws Exception {
		return RawClient.connect(server.port()).upgrade("/client/hubs/default?" + query);
	}

	@Test
	void sendsWhatARawClientSendsToAGroup() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann", "webpubsub.joinLeaveGroup");
				RawClient loud = raw("user=bob&join=room&webpubsub_mode=sendToGroup&group=room&" + SEND);
				RawClient quiet = raw("user=eve&join=room&webpubsub_mode=SENDTOGROUP&group=room&noEcho&" + SEND)) {
			assertThat(ann.send("{'type':'joinGroup','group':'room','ackId':1}").text()).contains("true");
			assertThat(loud.send(RawFrame.text("{\"a\":1}")).message().text()).as("an echo").isEqualTo("{\"a\":1}");
			assertThat(ann.text())
					.isEqualTo(
							"{'type':'message','from':'group','group':'room','fromUserId':'bob','dataType':'text','data':'{\\'a\\':1}'}");
			assertThat(quiet.message().text()).isEqualTo("{\"a\":1}");
			quiet.send(RawFrame.binary(new byte[] { 1, 2 }));
			assertThat(ann.text()).contains("'fromUserId':'eve','dataType':'binary','data':'AQI='");
			assertThat(loud.message().payload()).containsExactly(1, 2);
			loud.send(RawFrame.text("last"));
			assertThat(quiet.message().text()).as("nothing of its own").isEqualTo("last");
		}
	}

	@Test
	void closesARawClientThatMayNotSendToTheGroup() throws Exception {
		try (RawClient client = raw("user=bob&webpubsub_mode=sendToGroup&group=other&" + SEND)) {
			ReceivedFrame end = client.send(RawFrame.text("x")).message();
			assertThat(end.opcode()).isEqualTo(8);
			assertThat(end.payload()).startsWith(1008 >> 8, 1008 & 0xFF);
		}
	}

	/** In fragments, and as large as a message may be; a larger one closes only its sender. */
	@Test
	void sendsWholeMessagesToTheGroupAndNoneThatIsTooLarge() throws Exception {
		try (RawClient sender = raw("user=bob&webpubsub_mode=sendToGroup&group=whole&role=webpubsub.sendToGroup.whole");
				RawClient member = RawClient.connect(server.port()).upgrade("/ws?join=whole")) {
			member.awaitOpen();
			sender.send(RawFrame.text("a").unfinished(), RawFrame.ping(), RawFrame.continuation("b").unfinished(),
					RawFrame.continuation("c"));
			assertThat(member.message().text()).isEqualTo("abc");
			sender.send(RawFrame.binary(new byte[] { 1 }).unfinished(), RawFrame.continuation(""));
			ReceivedFrame bytes = member.message();
			assertThat(bytes.opcode()).isEqualTo(2);
			assertThat(bytes.payload()).containsExactly(1);
			sender.send(RawFrame.text(""));
			assertThat(member.message().payload()).isEmpty();
			sender.send(RawFrame.text("x".repeat(LARGEST)));
			assertThat(member.message().payload()).hasSize(LARGEST);
			sender.send(RawFrame.text("x".repeat(LARGEST + 1)));
			ReceivedFrame pong = sender.frame();
			assertThat(pong.opcode()).isEqualTo(10);
			assertThat(sender.message().closeCode()).isEqualTo(1009);
			assertThat(member.send(RawFrame.ping()).frame().opcode()).as("nothing of it").isEqualTo(10);
		}
	}

	@Test
	void closesARawClientThatMayNotSendToTheGroupAnyMore() throws Exception {
		try (RawClient sender = raw("user=eva&join=room2&webpubsub_mode=sendToGroup&group=room2&role=webpubsub.sendToGroup.room2")) {
			assertThat(sender.send(RawFrame.text("x")).message().text()).isEqualTo("x");
			server.bean(Clients.class).forbid(Target.user("eva"), Permission.sendToGroup("room2"));
			assertThat(sender.send(RawFrame.text("y")).message().closeCode()).isEqualTo(1008);
		}
	}

	@Test
	void callsTheApplicationInTheOtherMode() throws Exception {
		try (RawClient client = raw("user=bob&webpubsub_mode=sendEvent&group=room&" + SEND)) {
			client.send(RawFrame.text("leave"));
			assertThat(client.message().opcode()).as("the callback closes").isEqualTo(8);
		}
	}

	@Test
	void leavesNoTraceAmongTheAttributes() throws Exception {
		try (RawClient client = raw("user=bob&webpubsub_mode=sendToGroup&group=room&" + SEND)) {
			client.send(RawFrame.text("x")).send(RawFrame.ping());
			assertThat(client.frame().opcode()).isEqualTo(10);
			WebSocketServer all = server.bean(WebSocketServer.class);
			long fd = all.connections("default").max().orElseThrow();
			assertThat(all.attributes(fd)).doesNotContainKey("webpubsub_mode");
		}
	}
}
