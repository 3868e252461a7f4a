package dev.hawser.operations.metrics;

/** Every meter and tag of Hawser's own, named once. Prometheus writes dots as underscores and adds units. */
final class MetricNames {
	/** Gauge: connections that are open now. */
	static final String CONNECTIONS = "hawser.connections";
	/** Gauge: connections that there may be; absent for any number. */
	static final String CONNECTIONS_MAX = "hawser.connections.max";
	/** Gauge, bytes: what waits for clients that read slowly. */
	static final String OUTBOX = "hawser.outbox";
	/** Gauge: 1 while this node is drained. Has no {@link #HUB}. */
	static final String DRAINING = "hawser.draining";
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
	/** Counter: pushes, each receiver of a broadcast, pings and disconnects, by {@link #RESULT}. */
	static final String PUSHES = "hawser.pushes";
	/** Counter: reads after which a client was ahead of the rate that it may send at. */
	static final String OVER_RATE = "hawser.over.rate";
	/** Timer with buckets: callbacks, by {@link #CALLBACK}. */
	static final String CALLBACKS = "hawser.callbacks";

	/** Tag of all but one: the endpoint that the connection came in by. */
	static final String HUB = "hub";
	/** In the place of a hub's name where no hub is known. */
	static final String NO_HUB = "none";
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
