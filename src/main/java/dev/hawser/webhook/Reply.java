package dev.hawser.webhook;

import dev.hawser.api.DataType;
import dev.hawser.api.Frame;
import dev.hawser.api.WebSocketServer;
import dev.hawser.webhook.NoAnswerException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the body of an answer to the client whose message was delivered, with the metadata of its headers. A client without a
 * subprotocol gets text and JSON as a text message, bytes as a binary one. An empty body is no message, whatever its type, since common
 * middlewares answer so when they have nothing to say; with metadata it is an empty text.
 */
final class Reply {

	private Reply() {
	}

	/**
	 * @throws NoAnswerException when the body is not what its type says, or has a type that the contract does not allow, or when the
	 *                           metadata breaks the rules
	 */
	static void check(Answer answer) throws NoAnswerException {
		Asking.requireReadable(answer);
		Frame content = answer.body().length == 0 ? Frame.text("") : content(answer);
		try {
			Frame _ = content.withMetadata(metadata(answer.headers()));
			if (content.dataType() == DataType.JSON) {
				JsonNode _ = JsonMapper.shared().readTree(answer.body());
			}
		}
		catch (IllegalArgumentException | JacksonException e) {
			throw broken();
		}
	}

	private static NoAnswerException broken() {
		return new NoAnswerException(Reason.INVALID, "its answer is no JSON, or has metadata that breaks the rules");
	}

	/** @throws NoAnswerException when the answer has passed {@link #check}, and cannot be sent all the same */
	static void send(WebSocketServer server, Frame message, Answer answer) throws NoAnswerException {
		Map<String, String> metadata = metadata(answer.headers());
		if (answer.body().length == 0) {
			if (!metadata.isEmpty()) {
				send(server, message, Frame.text(""), metadata);
			}
			return;
		}
		send(server, message, content(answer), metadata);
	}

	private static Frame content(Answer answer) throws NoAnswerException {
		return switch (answer.mediaType()) {
			case "application/octet-stream" -> Frame.binary(answer.body());
			case "text/plain" -> Frame.text(text(answer.body()));
			case "application/json" -> Frame.json(text(answer.body()));
			default -> throw new NoAnswerException(Reason.INVALID,
					"the type of its answer is none of text/plain, application/json and application/octet-stream");
		};
	}

	private static void send(WebSocketServer server, Frame message, Frame content, Map<String, String> metadata)
			throws NoAnswerException {
		try {
			server.reply(message, metadata.isEmpty() ? content : content.withMetadata(metadata));
		}
		catch (IllegalArgumentException e) {
			throw broken();
		}
	}

	/** Of two headers with the same name, the last counts. Names of headers have no upper or lower case. */
	private static Map<String, String> metadata(HttpFields headers) {
		Map<String, String> metadata = new HashMap<>();
		for (HttpField field : headers) {
			String name = field.getLowerCaseName();
			if (name.startsWith(EventHeaders.METADATA) && field.getValue() != null) {
				metadata.put(name.substring(EventHeaders.METADATA.length()), field.getValue());
			}
		}
		return metadata;
	}

	private static String text(byte[] utf8) throws NoAnswerException {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
		}
		catch (CharacterCodingException e) {
			throw new NoAnswerException(Reason.INVALID, "its answer is no UTF-8");
		}
	}
}
