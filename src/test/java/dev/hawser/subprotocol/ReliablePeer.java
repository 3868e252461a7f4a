package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client with the reliable JSON subprotocol, on one socket after the other. Confirms only what a test tells it to. */
final class ReliablePeer implements AutoCloseable {
	static final String PROTOCOL = "Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1";

	final RunningHawser server;
	private RawClient client;
	final String connectionId;
	final String token;

	private ReliablePeer(RunningHawser server, RawClient client, JsonNode connected) {
		this.server = server;
		this.client = client;
		this.connectionId = connected.path("connectionId").asString();
		this.token = connected.path("reconnectionToken").asString();
	}

	/** Connects to the default hub of a server with {@link GroupCallbacks}. */
	static ReliablePeer connect(RunningHawser server, String user, String... roles) throws IOException {
		RawClient client = RawClient.connect(server.port()).upgrade(JsonPeer.target(user, roles), PROTOCOL);
		JsonNode connected = JsonMapper.shared().readTree(client.message().text());
		assertThat(connected.path("event").asString()).isEqualTo("connected");
		assertThat(connected.path("userId").asString()).isEqualTo(user);
		assertThat(connected.path("reconnectionToken").asString()).isNotEmpty();
		ReliablePeer peer = new ReliablePeer(server, client, connected);
		assertThat(peer.send("{'type':'ping'}").text()).as("the connection can be found").isEqualTo("{'type':'pong'}");
		return peer;
	}

	/** The path at which a client comes back. */
	static String target(String connectionId, String token) {
		return "/client/hubs/default?access_token=expired&awps_connection_id=" + encoded(connectionId) + "&awps_reconnection_token="
				+ encoded(token);
	}

	private static String encoded(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

	/** Breaks the socket, and waits until the server has noticed. */
	void leave() throws IOException {
		WebSocketConnection connection = Objects.requireNonNull(server.bean(Connections.class).find(connectionId));
		client.close();
		Awaitility.await().until(connection::isAway);
	}

	/** Breaks the socket, if there is one, and comes back on another. */
	ReliablePeer comeBack() throws IOException {
		client.close();
		return takeOver();
	}

	/** Comes back on another socket, without closing the one before. */
	ReliablePeer takeOver() throws IOException {
		client = RawClient.connect(server.port()).upgrade(target(connectionId, token), PROTOCOL);
		return this;
	}

	/** Sends JSON in which an apostrophe stands for a quotation mark. */
	ReliablePeer send(String json) throws IOException {
		client.send(RawFrame.text(json.replace('\'', '"')));
		return this;
	}

	/** Sends a text of the server to the client. */
	void push(String text) {
		server.bean(Clients.class).send(Target.connection(connectionId), Frame.text(text));
	}

	/** What the client then gets. */
	static String message(int number, String text) {
		return "{'sequenceId':" + number + ",'type':'message','from':'server','dataType':'text','data':'" + text + "'}";
	}

	/** Whether the server has the connection. */
	boolean exists() {
		return server.bean(Clients.class).exists(Target.connection(connectionId)).toCompletableFuture().join();
	}

	RawClient raw() {
		return client;
	}

	/** The next message, with an apostrophe for each quotation mark. */
	String text() throws IOException {
		ReceivedFrame frame = client.message();
		return frame.opcode() == 1 ? frame.text().replace('"', '\'')
				: frame.opcode() == 8 ? "close " + ((frame.payload()[0] & 0xFF) << 8 | (frame.payload()[1] & 0xFF))
						: "opcode " + frame.opcode();
	}

	@Override
	public void close() throws IOException {
		client.close();
	}
}
