package dev.hawser.protocol;

import org.springframework.web.socket.CloseStatus;

/**
 * Receives each whole message and control frame that {@link MessageReader} has read and checked, in the order of the wire, on the
 * thread that called {@link MessageReader#read}. The arrays belong to the handler.
 */
public interface MessageHandler {
	/** @param size length of the text in bytes of UTF-8 */
	void text(String text, int size);

	void binary(byte[] data);

	/** At most 125 bytes; may come between the fragments of a message (RFC 6455 section 5.4). */
	void ping(byte[] data);

	/** At most 125 bytes; pongs without a ping are allowed (section 5.5.3). */
	void pong(byte[] data);

	/** The last call: nothing that follows a close frame is read (section 5.5.1). Code 1005 when the peer gave none. */
	void close(CloseStatus status);
}
