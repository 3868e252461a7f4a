package dev.hawser.subprotocol;

import dev.hawser.connection.Subprotocol.Envelope;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages to clients:
 *
 * <pre>
 *  {"type":"system","event":"connected","userId":"ann","connectionId":"node-1"}
 *  {"type":"system","event":"disconnected","message":"reason"}
 *  {"type":"message","from":"group","group":"g","fromUserId":"ann","dataType":"json","data":{},"metadata":{"a":"b"}}
 *  {"type":"message","from":"server","dataType":"text","data":"hello"}
 *  {"type":"ack","ackId":1,"success":true}
 *  {"type":"ack","ackId":1,"success":false,"error":{"name":"Forbidden","message":"..."}}
 *  {"type":"invokeResponse","invocationId":"1","success":true,"dataType":"binary","data":"AQI="}
 *  {"type":"pong"}
 * </pre>
 */
final class JsonMessages {
	private static final OutgoingFrame PONG = OutgoingFrame.text("{\"type\":\"pong\"}");
	/** Bytes that an envelope has besides its payload. */
	private static final int ENVELOPE = 160;

	private JsonMessages() {
	}

	static OutgoingFrame pong() {
		return PONG;
	}

	/** @param reconnectionToken null for clients that cannot recover */
	static OutgoingFrame connected(@Nullable String userId, String connectionId, @Nullable String reconnectionToken) {
		JsonBytes json = new JsonBytes(ENVELOPE).ascii("{\"type\":\"system\",\"event\":\"connected\",\"userId\":").text(userId)
				.ascii(",\"connectionId\":").text(connectionId);
		if (reconnectionToken != null) {
			json.ascii(",\"reconnectionToken\":").text(reconnectionToken);
		}
		return frame(json.ascii("}"));
	}

	static OutgoingFrame disconnected(String message) {
		return frame(
				new JsonBytes(ENVELOPE).ascii("{\"type\":\"system\",\"event\":\"disconnected\",\"message\":").text(message).ascii("}"));
	}

	/** @param ackId a uint64 */
	static OutgoingFrame ack(long ackId) {
		return frame(new JsonBytes(ENVELOPE).ascii("{\"type\":\"ack\",\"ackId\":").ascii(Long.toUnsignedString(ackId))
				.ascii(",\"success\":true}"));
	}

	/** @param ackId a uint64 */
	static OutgoingFrame nack(long ackId, Failure failure, String message) {
		return frame(new JsonBytes(ENVELOPE).ascii("{\"type\":\"ack\",\"ackId\":").ascii(Long.toUnsignedString(ackId))
				.ascii(",\"success\":false,\"error\":{\"name\":\"").ascii(failure.code()).ascii("\",\"message\":").text(message)
				.ascii("}}"));
	}

	/** A message with the same deadline. */
	static OutgoingFrame message(OutgoingFrame message, Envelope envelope) {
		byte[] payload = message.payload();
		JsonBytes json = new JsonBytes(payload.length + ENVELOPE);
		if (envelope.group() == null) {
			json.ascii("{\"type\":\"message\",\"from\":\"server\"");
		}
		else {
			json.ascii("{\"type\":\"message\",\"from\":\"group\",\"group\":").text(envelope.group()).ascii(",\"fromUserId\":")
					.text(envelope.sender());
		}
		data(json, payload, envelope);
		return message.with(Opcode.TEXT, json.ascii("}").bytes());
	}

	static OutgoingFrame invokeResponse(String invocationId, byte[] payload, Envelope envelope) {
		JsonBytes json = invokeResponse(payload.length, invocationId).ascii("true");
		data(json, payload, envelope);
		return frame(json.ascii("}"));
	}

	static OutgoingFrame emptyInvokeResponse(String invocationId) {
		return frame(invokeResponse(0, invocationId).ascii("true}"));
	}

	static OutgoingFrame failedInvokeResponse(String invocationId, Failure failure, String message) {
		return frame(invokeResponse(0, invocationId).ascii("false,\"error\":{\"name\":\"").ascii(failure.code())
				.ascii("\",\"message\":").text(message).ascii("}}"));
	}

	private static JsonBytes invokeResponse(int size, String invocationId) {
		return new JsonBytes(size + ENVELOPE).ascii("{\"type\":\"invokeResponse\",\"invocationId\":").text(invocationId)
				.ascii(",\"success\":");
	}

	private static void data(JsonBytes json, byte[] payload, Envelope envelope) {
		switch (envelope.type()) {
			case TEXT -> json.ascii(",\"dataType\":\"text\",\"data\":").text(payload);
			case JSON -> json.ascii(",\"dataType\":\"json\",\"data\":").raw(payload);
			case BINARY -> json.ascii(",\"dataType\":\"binary\",\"data\":").base64(payload);
		}
		if (!envelope.metadata().isEmpty()) {
			String before = ",\"metadata\":{";
			for (Map.Entry<String, String> entry : envelope.metadata().entrySet()) {
				json.ascii(before).text(entry.getKey()).ascii(":").text(entry.getValue());
				before = ",";
			}
			json.ascii("}");
		}
	}

	private static OutgoingFrame frame(JsonBytes json) {
		return new OutgoingFrame(Opcode.TEXT, true, json.bytes());
	}
}
