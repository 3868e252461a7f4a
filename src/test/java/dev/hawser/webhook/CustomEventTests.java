package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of clients with the JSON subprotocol, delivered to a backend. An apostrophe stands for a quotation mark. */
class CustomEventTests {
	private static final String ENTRY = "hawser.hubs.default.webhooks[0].";
	private FakeBackend backend;
	private @Nullable RunningHawser server;

	@BeforeEach
	void start() throws Exception {
		backend = new FakeBackend();
		backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\"}"));
	}

	private RawClient connect(String... properties) throws Exception {
		String[] all = new String[properties.length + 2];
		System.arraycopy(properties, 0, all, 0, properties.length);
		all[properties.length] = ENTRY + "url=" + backend.url();
		all[properties.length + 1] = ENTRY + "retries=0";
		RunningHawser started = RunningHawser.start(NoCallbacks.class, all);
		server = started;
		RawClient client = RawClient.connect(started.port()).upgrade("/client/hubs/default",
				"Sec-WebSocket-Protocol: json.webpubsub.azure.v1");
		assertThat(text(client)).contains("'event':'connected','userId':'ann'");
		return client;
	}

	@AfterEach
	void stop() throws Exception {
		if (server != null) {
			server.close();
		}
		backend.close();
	}

	private static void send(RawClient client, String json) throws Exception {
		client.send(RawFrame.text(json.replace('\'', '"')));
	}

	private static String text(RawClient client) throws Exception {
		ReceivedFrame frame = client.message();
		return frame.opcode() == 1 ? frame.text().replace('"', '\'') : "opcode " + frame.opcode();
	}

	/** A client could else make calls that no backend takes, until none is made to it any more. */
	@Test
	void deliversWhatHasTheLargestHeadersAndRefusesMoreMetadata() throws Exception {
		backend.answer("draw", FakeBackend.text("done"));
		backend.answer("connect",
				FakeBackend.json("{\"userId\":\"" + "\u20ac".repeat(1024) + "\"}", "ce-connectionState", "s".repeat(15_000)));
		RunningHawser started = RunningHawser.start(NoCallbacks.class, ENTRY + "url=" + backend.url());
		server = started;
		try (RawClient client = RawClient.connect(started.port()).upgrade("/client/hubs/default",
				"Sec-WebSocket-Protocol: json.webpubsub.azure.v1")) {
			assertThat(text(client)).contains("'event':'connected'");
			send(client, "{'type':'event','event':'draw','ackId':1,'data':1,'metadata':{" + metadata(64, 120) + "}}");
			assertThat(text(client)).contains("done");
			assertThat(text(client)).isEqualTo("{'type':'ack','ackId':1,'success':true}");
			Call call = backend.event("draw");
			assertThat(call.header("x-webpubsub-metadata-n63")).hasSize(120);
			assertThat(call.header("ce-connectionState")).hasSize(15_000);
			send(client, "{'type':'event','event':'draw','ackId':2,'data':1,'metadata':{" + metadata(65, 1) + "}}");
			assertThat(text(client)).doesNotContain("done", "'success':true");
			assertThat(backend.untaken()).isZero();
		}
	}

	private static String metadata(int entries, int length) {
		return IntStream.range(0, entries).mapToObj(i -> "'n" + i + "':'" + "v".repeat(length) + "'").collect(Collectors.joining(","));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			'dataType':'text','data':'hä'      | text/plain               | hä
			'dataType':'json','data':{'a': 1}  | application/json         | {'a': 1}
			'data':'x'                         | application/json         | 'x'
			'dataType':'binary','data':'aGk='  | application/octet-stream | hi
			""")
	void deliversAnEventByItsNameWithABodyOfItsType(String data, String type, String body) throws Exception {
		backend.answer("Draw.Line", FakeBackend.text("done", "x-webpubsub-metadata-Trace", "8"));
		try (RawClient client = connect()) {
			send(client, "{'type':'event','event':'Draw.Line','ackId':1,'metadata':{'Trace':'7'}," + data + "}");
			assertThat(text(client)).isEqualTo(
					"{'type':'message','from':'server','dataType':'text','data':'done','metadata':{'trace':'8'}}");
			assertThat(text(client)).isEqualTo("{'type':'ack','ackId':1,'success':true}");
			Call call = backend.event("Draw.Line");
			assertThat(call.uri().getPath()).isEqualTo("/hook/Draw.Line");
			assertThat(call.header("ce-type")).isEqualTo("azure.webpubsub.user.Draw.Line");
			assertThat(call.header("ce-eventName")).isEqualTo("Draw.Line");
			assertThat(call.header("ce-subprotocol")).isEqualTo("json.webpubsub.azure.v1");
			assertThat(call.header("Content-Type")).startsWith(type);
			assertThat(call.header("x-webpubsub-metadata-trace")).isEqualTo("7");
			assertThat(call.text()).isEqualTo(body.replace('\'', '"'));
		}
	}

	@Test
	void wrapsEachKindOfAnswer() throws Exception {
		backend.answer("json", FakeBackend.json("{\"a\": [1]}"));
		backend.answer("bytes", FakeBackend.body(200, new byte[] { 1, 2 }, "Content-Type", "application/octet-stream"));
		backend.answer("nothing", FakeBackend.status(204));
		backend.answer("label", FakeBackend.status(200, "x-webpubsub-metadata-a", "b"));
		try (RawClient client = connect()) {
			send(client, "{'type':'event','event':'json','data':1}");
			assertThat(text(client)).isEqualTo("{'type':'message','from':'server','dataType':'json','data':{'a': [1]}}");
			send(client, "{'type':'event','event':'bytes','data':1}");
			assertThat(text(client)).isEqualTo("{'type':'message','from':'server','dataType':'binary','data':'AQI='}");
			send(client, "{'type':'event','event':'label','data':1}");
			assertThat(text(client)).isEqualTo("{'type':'message','from':'server','dataType':'text','data':'','metadata':{'a':'b'}}");
			send(client, "{'type':'event','event':'nothing','data':1,'ackId':9}");
			assertThat(text(client)).isEqualTo("{'type':'ack','ackId':9,'success':true}");
			send(client, "{'type':'invoke','invocationId':'i','target':'event','event':'json','data':1}");
			assertThat(text(client))
					.isEqualTo("{'type':'invokeResponse','invocationId':'i','success':true,'dataType':'json','data':{'a': [1]}}");
			send(client, "{'type':'invoke','invocationId':'j','target':'event','event':'nothing'}");
			assertThat(text(client)).isEqualTo("{'type':'invokeResponse','invocationId':'j','success':true}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "close", "drop", "error" })
	void tellsTheClientThatItsEventFailedAndKeepsItConnectedWhateverThePolicy(String policy) throws Exception {
		backend.answer("e", FakeBackend.status(500));
		backend.answer("bad", FakeBackend.json("{"));
		String failed = "'success':false,'error':{'name':'InternalServerError','message':'Internal server error'}}";
		try (RawClient client = connect(ENTRY + "on-failure=" + policy, ENTRY + "events=connect,e,bad")) {
			send(client, "{'type':'event','event':'e','data':1,'ackId':1}");
			assertThat(text(client)).isEqualTo("{'type':'ack','ackId':1," + failed);
			send(client, "{'type':'event','event':'e','data':1}");
			send(client, "{'type':'invoke','invocationId':'i','target':'event','event':'e'}");
			assertThat(text(client)).isEqualTo("{'type':'invokeResponse','invocationId':'i'," + failed);
			send(client, "{'type':'event','event':'bad','data':1,'ackId':2}");
			assertThat(text(client)).isEqualTo("{'type':'ack','ackId':2," + failed);
			send(client, "{'type':'event','event':'unrouted','data':1,'ackId':3}");
			assertThat(text(client)).isEqualTo("{'type':'ack','ackId':3," + failed);
			backend.answer("e", FakeBackend.status(204));
			send(client, "{'type':'event','event':'e','data':1,'ackId':1}");
			assertThat(text(client)).as("tried again").isEqualTo("{'type':'ack','ackId':1,'success':true}");
		}
	}

	/** A client that names its event as the server names its own must not be taken for the server. */
	@ParameterizedTest
	@ValueSource(strings = { "connect", "connected", "DISCONNECTED" })
	void doesNotTakeAnEventOfAClientForOneOfTheServer(String name) throws Exception {
		try (RawClient client = connect()) {
			backend.answer(name, FakeBackend.status(204));
			send(client, "{'type':'event','event':'" + name + "','data':1,'ackId':1}");
			assertThat(text(client)).contains("'success':true");
			String type;
			do {
				type = backend.event().header("ce-type");
			}
			while (String.valueOf(type).startsWith("azure.webpubsub.sys."));
			assertThat(type).isEqualTo("azure.webpubsub.user." + name);
		}
		Objects.requireNonNull(server).close();
		backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\"}"));
		try (RawClient client = connect(ENTRY + "events=connect,connected,disconnected")) {
			send(client, "{'type':'event','event':'" + name + "','data':1,'ackId':1}");
			assertThat(text(client)).as("an entry that lists the server's event does not get it").contains("InternalServerError");
		}
	}

	@Test
	void givesAnEventToTheFirstEntryThatListsIt() throws Exception {
		try (FakeBackend second = new FakeBackend()) {
			backend.answer("draw", FakeBackend.text("first"));
			second.answer("draw", FakeBackend.text("second")).answer("other", FakeBackend.text("second"));
			String[] properties = { ENTRY + "events=connect,connected,DRAW", "hawser.hubs.default.webhooks[1].url=" + second.url(),
					"hawser.hubs.default.webhooks[1].events=*" };
			try (RawClient client = connect(properties)) {
				for (Map.Entry<String, String> each : Map.of("draw", "first", "other", "second").entrySet()) {
					send(client, "{'type':'event','event':'" + each.getKey() + "','data':1}");
					assertThat(text(client)).contains(each.getValue());
				}
			}
		}
	}

	@Test
	void letsConnectChooseAmongTheOfferedSubprotocols() throws Exception {
		try (RawClient _ = connect()) {
			int port = Objects.requireNonNull(server).port();
			backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\",\"subprotocol\":\"other\"}"));
			try (RawClient raw = RawClient.connect(port).upgrade("/client/hubs/default",
					"Sec-WebSocket-Protocol: json.webpubsub.azure.v1, other")) {
				backend.answer("message", FakeBackend.text("raw"));
				assertThat(raw.send(RawFrame.text("{}")).message().text()).as("no greeting, no envelope").isEqualTo("raw");
			}
			backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\",\"subprotocol\":\"json.webpubsub.azure.v1\"}"));
			try (RawClient client = RawClient.connect(port).upgrade("/ws",
					"Sec-WebSocket-Protocol: other, json.webpubsub.azure.v1")) {
				assertThat(text(client)).as("also at the hub's own path").contains("connected");
			}
		}
	}

	@Test
	void tellsOfJoinsAndLeavesIfTheEntryListsThem() throws Exception {
		backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\",\"groups\":[\"first\"],\"roles\":[\"webpubsub.joinLeaveGroup\"]}"));
		try (RawClient client = connect(ENTRY + "events=*,gp.joined,GP.Left")) {
			Call first = backend.event("joined");
			assertThat(first.header("ce-type")).isEqualTo("azure.webpubsub.gp.joined");
			assertThat(first.uri().getPath()).isEqualTo("/hook/gp.joined");
			assertThat(first.text()).isEqualTo("{\"group\":\"first\"}");
			send(client, "{'type':'joinGroup','group':'second','ackId':1}");
			send(client, "{'type':'joinGroup','group':'second','ackId':2}");
			send(client, "{'type':'leaveGroup','group':'first','ackId':3}");
			assertThat(backend.event("joined").text()).isEqualTo("{\"group\":\"second\"}");
			Call left = backend.event("left");
			assertThat(left.header("ce-type")).isEqualTo("azure.webpubsub.gp.left");
			assertThat(left.text()).isEqualTo("{\"group\":\"first\"}");
			client.send(RawFrame.close(1000, ""));
			assertThat(backend.event("left").text()).as("before the connection's end").isEqualTo("{\"group\":\"second\"}");
			assertThat(backend.event().event()).isEqualTo("disconnected");
		}
	}

	@Test
	void doesNotTellOfJoinsUnasked() throws Exception {
		backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\",\"groups\":[\"first\"]}"));
		backend.answer("gp.joined", FakeBackend.text("hello"));
		try (RawClient client = connect(ENTRY + "events=*")) {
			send(client, "{'type':'event','event':'gp.joined','data':1}");
			assertThat(text(client)).contains("hello");
			Call call = backend.event("gp.joined");
			assertThat(call.header("ce-type")).as("a client's event of that name").isEqualTo("azure.webpubsub.user.gp.joined");
			assertThat(call.header("ce-id")).as("after connect and connected").isEqualTo("2");
		}
	}
}
