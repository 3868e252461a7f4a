package dev.hawser.subprotocol;

import dev.hawser.api.Clients;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Continuity;
import dev.hawser.connection.Newcomer;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code json.reliable.webpubsub.azure.v1}: as the JSON subprotocol, and the messages of each connection are numbered, confirmed, and
 * sent again when the client comes back:
 *
 * <pre>
 *  server: {"type":"system","event":"connected","userId":"ann","connectionId":"node-1","reconnectionToken":"eyJ..."}
 *  server: {"sequenceId":1,"type":"message","from":"server","dataType":"text","data":"hello"}
 *  client: {"type":"sequenceAck","sequenceId":1}
 * </pre>
 */
final class JsonReliableSubprotocol extends JsonSubprotocol {
	static final String NAME = "json.reliable.webpubsub.azure.v1";
	private static final byte[] BEFORE_NUMBER = "{\"sequenceId\":".getBytes(StandardCharsets.US_ASCII);

	private final Reconnection reconnection;
	private final Function<String, Continuity> continuities;

	/** @param continuities what is kept for the clients of a hub */
	JsonReliableSubprotocol(Clients clients, WebSocketServer server, RequestMeters meters, Reconnection reconnection,
			Function<String, Continuity> continuities) {
		super(clients, server, meters);
		this.reconnection = reconnection;
		this.continuities = continuities;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public Continuity continuity(String hub) {
		return continuities.apply(hub);
	}

	@Override
	public boolean isReturn(HandshakeRequest request) {
		return Reconnection.isAskedFor(request, NAME);
	}

	@Override
	public @Nullable String claimed(HandshakeRequest request) {
		return reconnection.claimed(request);
	}

	@Override
	public boolean bringHere(Newcomer newcomer) {
		return reconnection.bringHere(newcomer);
	}

	@Override
	public boolean isSettled(WebSocketConnection connection) {
		return !(connection.kept() instanceof JsonClient client) || client.isSettled();
	}

	@Override
	public byte[] state(WebSocketConnection connection) {
		return connection.kept() instanceof JsonClient client ? client.state() : new byte[0];
	}

	@Override
	public void restore(WebSocketConnection connection, byte[] state) {
		if (state.length > 0) {
			JsonClient.of(connection).restore(state);
		}
	}

	@Override
	public void opened(WebSocketConnection connection) {
		connection.send(JsonMessages.connected(connection.userId(), connection.getId(), reconnection.token(connection.getId())));
	}

	@Override
	public SendResult send(WebSocketConnection connection, OutgoingFrame wrapped) {
		return connection.sendNumbered(wrapped);
	}

	/** Ids are unsigned. */
	@Override
	void received(WebSocketConnection connection, long sequenceId) {
		connection.confirm(sequenceId < 0 ? Long.MAX_VALUE : sequenceId);
	}

	/** The message begins with a brace, which the number takes the place of. */
	static OutgoingFrame numbered(OutgoingFrame message, long number) {
		byte[] payload = message.payload();
		byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
		ByteBuffer json = ByteBuffer.allocate(BEFORE_NUMBER.length + digits.length + payload.length);
		json.put(BEFORE_NUMBER).put(digits).put((byte) ',').put(payload, 1, payload.length - 1);
		return new OutgoingFrame(Opcode.TEXT, true, json.array());
	}
}
