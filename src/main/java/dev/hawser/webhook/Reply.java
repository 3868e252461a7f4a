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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the body of an answer to the client whose message was delivered, with the metadata of its headers. A client without a
 * subprotocol gets text and JSON as a text message, bytes as a binary one. An empty body is no message, whatever its type, since common
 * middlewares answer so when they have nothing to say; with metadata it is an empty text.
 */
final class Reply implements Asking.Use {
	/** What the answer says; null for nothing. */
	private @Nullable Frame said;

	/**
	 * Reads what the answer says.
	 *
	 * @throws NoAnswerException when the body is not what its type says, or has a type that the contract does not allow, or when the
	 *                           metadata breaks the rules
	 */
	@Override
	public void of(Answer answer) throws NoAnswerException {
		answer.requireReadable();
		boolean empty = answer.body().length == 0;
		Frame content = empty ? Frame.text("") : content(answer);
		Map<String, String> metadata = metadata(answer.headers());
		try {
			Frame whole = metadata.isEmpty() ? content : content.withMetadata(metadata);
			if (content.dataType() == DataType.JSON) {
				JsonNode _ = JsonMapper.shared().readTree(answer.body());
			}
			said = empty && metadata.isEmpty() ? null : whole;
		}
		catch (IllegalArgumentException | JacksonException e) {
			throw broken();
		}
	}

	private static NoAnswerException broken() {
		return new NoAnswerException(Reason.INVALID, "its answer is no JSON, or has metadata that breaks the rules");
	}

	/**
	 * Replies to the message what the answer says.
	 *
	 * @throws NoAnswerException when the answer has been read, and cannot be sent all the same
	 */
	void send(WebSocketServer server, Frame message) throws NoAnswerException {
		if (said == null) {
			return;
		}
		try {
			server.reply(message, said);
		}
		catch (IllegalArgumentException e) {
			throw broken();
		}
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
