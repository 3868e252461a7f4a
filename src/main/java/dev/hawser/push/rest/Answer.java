package dev.hawser.push.rest;

import dev.hawser.api.Delivery;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answer to a request that was carried out.
 *
 * @param status   the status
 * @param body     JSON; null for no body
 * @param delivery what is known of a push, for the header {@value #DELIVERY}; null when the request was none
 * @param replayed whether this is the answer to an earlier request, which is then said in {@value #REPLAYED}
 */
record Answer(int status, byte @Nullable [] body, @Nullable String delivery, boolean replayed) {
	static final String DELIVERY = "Hawser-Delivery";
	static final String REPLAYED = "Idempotency-Replayed";
	private static final JsonMapper JSON = JsonMapper.shared();

	static Answer of(int status) {
		return new Answer(status, null, null, false);
	}

	static Answer of(int status, Delivery delivery) {
		return new Answer(status, null, text(delivery), false);
	}

	/** 200 with JSON. */
	static Answer json(Object body) {
		return new Answer(200, JSON.writeValueAsBytes(body), null, false);
	}

	/** What is known of a push, as a field of RFC 9651. */
	static String text(Delivery delivery) {
		return switch (delivery) {
			case Delivery.Delivered(long connections) -> "delivered; connections=" + connections;
			case Delivery.HandedOver(long connections, int nodes) -> "handed-over; connections=" + connections + "; nodes=" + nodes;
			case Delivery.Nobody _ -> "nobody";
			case Delivery.Partial(long connections, long refused) ->
				(connections == 0 ? "refused" : "partial") + "; connections=" + connections + "; refused=" + refused;
			case Delivery.Unknown _ -> "unknown";
		};
	}

	/** The same answer to a request that repeats another. */
	Answer again() {
		return new Answer(status, body, delivery, true);
	}

	void write(HttpServletResponse response) throws IOException {
		response.setStatus(status);
		if (delivery != null) {
			response.setHeader(DELIVERY, delivery);
		}
		if (replayed) {
			response.setHeader(REPLAYED, "true");
		}
		if (body == null) {
			response.setContentLength(0);
			return;
		}
		response.setHeader("Cache-Control", "no-store");
		response.setContentType("application/json");
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}

	/** Bytes of memory that keeping this answer takes, about. */
	int size() {
		return 100 + (body == null ? 0 : body.length);
	}
}
