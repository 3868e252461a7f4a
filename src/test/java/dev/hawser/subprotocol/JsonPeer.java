package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client with the JSON subprotocol, which sends what a polite client would not. */
final class JsonPeer implements AutoCloseable {
	private final RawClient client;
	final String connectionId;

	private JsonPeer(RawClient client, String connectionId) {
		this.client = client;
		this.connectionId = connectionId;
	}

	/** Connects to the default hub of a server with {@link GroupCallbacks}. */
	static JsonPeer connect(RunningHawser server, String user, String... roles) throws IOException {
		RawClient client = RawClient.connect(server.port()).upgrade(target(user, roles), "Sec-WebSocket-Protocol: json.webpubsub.azure.v1");
		JsonNode connected = JsonMapper.shared().readTree(client.message().text());
		assertThat(connected.path("type").asString()).isEqualTo("system");
		assertThat(connected.path("event").asString()).isEqualTo("connected");
		assertThat(connected.path("userId").asString()).isEqualTo(user);
		return new JsonPeer(client, connected.path("connectionId").asString());
	}

	static String target(String user, String... roles) {
		StringBuilder target = new StringBuilder("/client/hubs/default?user=" + user);
		for (String role : roles) {
			target.append("&role=").append(URLEncoder.encode(role, StandardCharsets.UTF_8));
		}
		return target.toString();
	}

	/** Sends JSON in which an apostrophe stands for a quotation mark. */
	JsonPeer send(String json) throws IOException {
		client.send(RawFrame.text(json.replace('\'', '"')));
		return this;
	}

	JsonPeer sendAsItIs(String text) throws IOException {
		client.send(RawFrame.text(text));
		return this;
	}

	RawClient raw() {
		return client;
	}

	ReceivedFrame frame() throws IOException {
		return client.message();
	}

	/** The next message, with an apostrophe for each quotation mark. */
	String text() throws IOException {
		ReceivedFrame frame = client.message();
		return frame.opcode() == 1 ? frame.text().replace('"', '\'')
				: frame.opcode() == 8 ? "close " + (((frame.payload()[0] & 0xFF) << 8) | (frame.payload()[1] & 0xFF))
						: "opcode " + frame.opcode();
	}

	@Override
	public void close() throws IOException {
		client.close();
	}
}
