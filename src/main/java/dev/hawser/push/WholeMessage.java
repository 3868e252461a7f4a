package dev.hawser.push;

import dev.hawser.api.Frame;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.Utf8Validator;

/** Turns messages of an application into frames to be sent. */
final class WholeMessage {

	private WholeMessage() {
	}

	/**
	 * The frame of a whole message for any number of receivers: it is encoded once, and compressed once for the connections that
	 * agreed on compression.
	 *
	 * @throws IllegalArgumentException for a fragment, a control frame, and for a text that is not UTF-8
	 */
	static OutgoingFrame forMany(Frame message) {
		if (!message.finish() || (!message.isText() && !message.isBinary())) {
			throw new IllegalArgumentException("A broadcast is a whole text or binary message, not " + message + ".");
		}
		if (!message.isFromString()) {
			requireUtf8(message.data(), message.opcode(), true);
		}
		return OutgoingFrame.forMany(message.opcode(), message.data());
	}

	/** A frame for one receiver. Text given as bytes is checked: a client would have to fail the connection for invalid UTF-8. */
	static OutgoingFrame checked(byte[] data, Opcode opcode, boolean finish) {
		requireUtf8(data, opcode, finish);
		return new OutgoingFrame(opcode, finish, data);
	}

	private static void requireUtf8(byte[] data, Opcode opcode, boolean finish) {
		if (opcode == Opcode.TEXT && finish && !Utf8Validator.isUtf8(data)) {
			throw new IllegalArgumentException("A text message must be UTF-8 (RFC 6455 section 5.6): push these bytes as BINARY.");
		}
	}
}
