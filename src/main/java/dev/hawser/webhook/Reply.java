package dev.hawser.webhook;

import dev.hawser.api.Frame;
import dev.hawser.api.WebSocketServer;
import dev.hawser.webhook.NoAnswerException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Sends the body of an answer to the client whose message was delivered: text and JSON as a text message, bytes as a binary one. An
 * empty body is no message, whatever its type, since common middlewares answer so when they have nothing to say.
 */
final class Reply {
	private static final String METADATA = "x-webpubsub-metadata-";

	private Reply() {
	}

	/** @throws NoAnswerException when the body has a type that the contract does not allow */
	static void send(WebSocketServer server, Frame message, Answer answer) throws NoAnswerException {
		if (answer.body().length == 0) {
			if (answer.headers().stream().anyMatch(field -> field.getLowerCaseName().startsWith(METADATA))) {
				server.reply(message, "");
			}
			return;
		}
		switch (answer.mediaType()) {
			case "application/octet-stream" -> server.reply(message, answer.body());
			case "text/plain", "application/json" -> server.reply(message, text(answer.body()));
			default -> throw new NoAnswerException(Reason.INVALID,
					"the type of its answer is none of text/plain, application/json and application/octet-stream");
		}
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
