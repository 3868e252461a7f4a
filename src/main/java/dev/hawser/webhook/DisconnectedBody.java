package dev.hawser.webhook;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the body of {@code disconnected}. The contract has {@code reason} only; the rest is Hawser's own:
 *
 * <pre>
 *  {"reason":"no pong","code":1001,"wasClean":true,"initiator":"server","durationMs":61000,
 *   "messagesIn":3,"bytesIn":120,"messagesOut":3,"bytesOut":90}
 * </pre>
 */
final class DisconnectedBody {
	private static final JsonMapper JSON = JsonMapper.shared();
	private static final int NO_CLOSE_FRAME = 1006;
	/** The body for a handshake that was accepted and did not become a connection. */
	static final byte[] UNOPENED = of(new CloseStatus(NO_CLOSE_FRAME, "handshake not completed"), CloseInitiator.CLIENT, null);
	/** The body for a connection whose server process ended without a word. */
	static final byte[] NODE_LOST = of(new CloseStatus(NO_CLOSE_FRAME, "node lost"), CloseInitiator.SERVER, null);

	private DisconnectedBody() {
	}

	/** @param last the connection as it was in the end; null when it is not known */
	static byte[] of(CloseStatus status, CloseInitiator initiator, @Nullable ConnectionSnapshot last) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("reason", status.getReason() == null ? "" : status.getReason());
		body.put("code", status.getCode());
		body.put("wasClean", status.getCode() != NO_CLOSE_FRAME);
		body.put("initiator", initiator.name().toLowerCase(Locale.ROOT));
		if (last != null) {
			body.put("durationMs", Duration.between(last.connectedAt(), Instant.now()).toMillis());
			body.put("messagesIn", last.traffic().messagesIn());
			body.put("bytesIn", last.traffic().bytesIn());
			body.put("messagesOut", last.traffic().messagesOut());
			body.put("bytesOut", last.traffic().bytesOut());
		}
		return JSON.writeValueAsBytes(body);
	}
}
