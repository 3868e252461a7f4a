package dev.hawser.metrics;

/** Every meter and tag of Hawser's own, named once. Prometheus writes dots as underscores and adds units. */
final class MetricNames {
	/** Gauge: connections that are open now. */
	static final String CONNECTIONS = "hawser.connections";
	/** Counter: opening handshakes, by {@link #OUTCOME} and {@link #REASON}. */
	static final String HANDSHAKES = "hawser.handshakes";
	/** Counter: messages and control frames, by {@link #DIRECTION} and {@link #KIND}. */
	static final String MESSAGES = "hawser.messages";
	/** Counter, bytes: their payload, by {@link #DIRECTION} and {@link #KIND}. */
	static final String PAYLOAD = "hawser.payload";
	/** Counter: connections that ended, by {@link #CODE} and {@link #INITIATOR}. */
	static final String CLOSES = "hawser.closes";
	/** Counter: sends that were refused, by {@link #RESULT}. */
	static final String REFUSED = "hawser.sends.refused";
	/** Counter: reads after which a client was ahead of the rate that it may send at. */
	static final String OVER_RATE = "hawser.over.rate";
	/** Timer: callbacks, by {@link #CALLBACK}. */
	static final String CALLBACKS = "hawser.callbacks";

	/** Tag of all: the endpoint that the connection came in by. */
	static final String HUB = "hub";
	static final String OUTCOME = "outcome";
	static final String REASON = "reason";
	static final String DIRECTION = "direction";
	static final String KIND = "kind";
	static final String CODE = "code";
	static final String INITIATOR = "initiator";
	static final String RESULT = "result";
	static final String CALLBACK = "callback";

	private MetricNames() {
	}
}
