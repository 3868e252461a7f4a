package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

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

/** A client with the reliable JSON subprotocol that goes from one node to another. Confirms only what a test tells it to. */
final class MovingPeer implements AutoCloseable {
	static final String PROTOCOL = "Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1";

	private RunningHawser server;
	private RawClient client;
	final String id;
	final String token;

	private MovingPeer(RunningHawser server, RawClient client, JsonNode connected) {
		this.server = server;
		this.client = client;
		this.id = connected.path("connectionId").asString();
		this.token = connected.path("reconnectionToken").asString();
	}

	/** Connects to the default hub. */
	static MovingPeer connect(RunningHawser server, String query) throws IOException {
		RawClient client = RawClient.connect(server.port()).upgrade("/client/hubs/default?" + query, PROTOCOL);
		JsonNode connected = JsonMapper.shared().readTree(client.message().text());
		assertThat(connected.path("event").asString()).isEqualTo("connected");
		MovingPeer peer = new MovingPeer(server, client, connected);
		assertThat(peer.send("{'type':'ping'}").text()).isEqualTo("{'type':'pong'}");
		return peer;
	}

	/** Breaks the socket, and waits until the server has noticed. */
	void leave() throws IOException {
		WebSocketConnection connection = Objects.requireNonNull(server.bean(Connections.class).find(id));
		client.close();
		Awaitility.await().until(connection::isAway);
	}

	/** Comes back on another socket, perhaps of another node; the socket before is not closed. */
	MovingPeer comeBack(RunningHawser to) throws IOException {
		client = socket(to, "default", id, token);
		server = to;
		return this;
	}

	static RawClient socket(RunningHawser to, String hub, String id, String token) throws IOException {
		return RawClient.connect(to.port()).upgrade("/client/hubs/" + hub + "?access_token=expired&awps_connection_id=" + encoded(id)
				+ "&awps_reconnection_token=" + encoded(token), PROTOCOL);
	}

	private static String encoded(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

	/** Sends JSON in which an apostrophe stands for a quotation mark. */
	MovingPeer send(String json) throws IOException {
		client.send(RawFrame.text(json.replace('\'', '"')));
		return this;
	}

	MovingPeer confirm(long number) throws IOException {
		return send("{'type':'sequenceAck','sequenceId':" + number + "}");
	}

	RawClient raw() {
		return client;
	}

	/** The next message, with an apostrophe for each quotation mark. */
	String text() throws IOException {
		return text(client.message());
	}

	static String text(ReceivedFrame frame) {
		return frame.opcode() == 1 ? frame.text().replace('"', '\'')
				: frame.opcode() == 8 ? "close " + ((frame.payload()[0] & 0xFF) << 8 | (frame.payload()[1] & 0xFF))
						: "opcode " + frame.opcode();
	}

	/** The next message as {@code number:data}. Comes back again when the server asks for that. */
	String numbered() throws IOException {
		ReceivedFrame frame = client.message();
		for (int i = 0; i < 60 && text(frame).equals("close 1013"); i++) {
			frame = comeBack(server).client.message();
		}
		JsonNode message = JsonMapper.shared().readTree(frame.text());
		return message.path("sequenceId").asLong() + ":" + message.path("data").asString();
	}

	@Override
	public void close() throws IOException {
		client.close();
	}
}
