package dev.hawser.push.rest;

import dev.hawser.api.Delivery;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
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

	/** @throws ApiException when it is known that not all nodes have got the call, or not known that they have */
	static Answer of(int status, Delivery delivery) {
		return new Answer(status, null, text(complete(delivery)), false);
	}

	private static Delivery complete(Delivery delivery) {
		return switch (delivery) {
			case Delivery.Delivered _,Delivery.HandedOver _,Delivery.Nobody _,Delivery.Partial _ -> delivery;
			case Delivery.Unknown _ -> throw unreached("Unknown",
					"Other nodes do not answer: it is not known whether they have carried this out. A repetition may do it twice, unless both"
							+ " have the same Idempotency-Key.",
					delivery);
			case Delivery.Unreached(_, Delivery.Unreached.Reason reason) -> throw switch (reason) {
				case AWAY -> unreached("OtherNodesAway", "There is no way to other nodes now: try again later.", delivery);
				case OVERLOADED -> unreached("Overloaded", "As much as may waits for another node: try again later.", delivery);
			};
		};
	}

	private static ApiException unreached(String code, String detail, Delivery delivery) {
		return new ApiException(new ApiError(503, code, detail, null), Map.of("Retry-After", "1", DELIVERY, text(delivery)));
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
			case Delivery.Unknown(long connections) -> "unknown; connections=" + connections;
			case Delivery.Unreached(long connections, Delivery.Unreached.Reason reason) ->
				(reason == Delivery.Unreached.Reason.AWAY ? "away" : "overloaded") + "; connections=" + connections;
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
