package dev.hawser.callback;

import dev.hawser.protocol.Opcode;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How callbacks are called.
 *
 * @param echo whether a hub without callbacks sends every message back to its client; in a development start, without a key, this
 *     is always so
 * @param handshakeWithOpen what to do when both OnHandShake and OnOpen are declared, since OnOpen is then never called
 * @param deliverPingFrames whether OnMessage receives ping frames; the application must then answer them itself
 * @param deliverPongFrames whether OnMessage receives pong frames
 * @param deliverCloseFrames whether OnMessage receives close frames, before the close frame that answers them is sent
 */
@ConfigurationProperties("hawser.callbacks")
record CallbackSettings(@DefaultValue("false") boolean echo, @DefaultValue("warn") HandshakeWithOpen handshakeWithOpen,
		@DefaultValue("false") boolean deliverPingFrames, @DefaultValue("false") boolean deliverPongFrames,
		@DefaultValue("false") boolean deliverCloseFrames) {

	/** What to do about an OnOpen that is never called because of an OnHandShake. */
	enum HandshakeWithOpen {
		/** Start, and log one warning. */
		WARN,
		/** Do not start. */
		REJECT
	}

	Set<Opcode> controlFrames() {
		Set<Opcode> delivered = EnumSet.noneOf(Opcode.class);
		if (deliverPingFrames) {
			delivered.add(Opcode.PING);
		}
		if (deliverPongFrames) {
			delivered.add(Opcode.PONG);
		}
		if (deliverCloseFrames) {
			delivered.add(Opcode.CLOSE);
		}
		return delivered;
	}
}
