package dev.hawser.operations.metrics;

/** The names of Hawser's own meters and tags. Prometheus writes dots as underscores and adds units. */
final class MetricNames {
	/** Gauge: connections that are open now. */
	static final String CONNECTIONS = "hawser.connections";
	/** Gauge: most connections that may be open; absent when there is no limit. */
	static final String CONNECTIONS_MAX = "hawser.connections.max";
	/** Gauge, bytes: messages that wait in the outboxes of clients that read slowly. */
	static final String OUTBOX = "hawser.outbox";
	/** Gauge: connections whose clients are away and may come back. */
	static final String AWAY = "hawser.connections.away";
	/** Gauge, bytes: messages that are kept until clients confirm them. */
	static final String UNCONFIRMED = "hawser.unconfirmed";
	/** Counter: clients that came back, by {@link #OUTCOME}. */
	static final String RECOVERIES = "hawser.recoveries";
	/** Gauge, bytes: memory that clients make the server hold. Has no {@link #HUB}, as the two below. */
	static final String MEMORY = "hawser.memory";
	/** Gauge, bytes: most memory that clients may make the server hold. */
	static final String MEMORY_MAX = "hawser.memory.max";
	/** Counter: connections and requests that were ended because they held most when that memory was short. */
	static final String MEMORY_ENDED = "hawser.memory.ended";
	/** Gauge: 1 while this node is drained. Has no {@link #HUB}. */
	static final String DRAINING = "hawser.draining";
	/** Counter: opening handshakes, by {@link #OUTCOME} and {@link #REASON}. */
	static final String HANDSHAKES = "hawser.handshakes";
	/** Counter: messages and control frames, by {@link #DIRECTION} and {@link #KIND}. */
	static final String MESSAGES = "hawser.messages";
	/** Counter, bytes: payload of messages and control frames, by {@link #DIRECTION} and {@link #KIND}. */
	static final String PAYLOAD = "hawser.payload";
	/** Counter: connections that ended, by {@link #CODE} and {@link #INITIATOR}. */
	static final String CLOSES = "hawser.closes";
	/** Counter: sends that were refused, by {@link #RESULT}. */
	static final String REFUSED = "hawser.sends.refused";
	/** Counter: pushes, each receiver of a broadcast, pings and disconnects, by {@link #RESULT}. */
	static final String PUSHES = "hawser.pushes";
	/** Counter: reads after which a client had sent more than its rate allows. */
	static final String OVER_RATE = "hawser.over.rate";
	/** Counter: entries that a log has left out. Has no {@link #HUB}. */
	static final String LOG_LEFT_OUT = "hawser.log.left.out";
	/** Timer with buckets: callbacks, by {@link #CALLBACK}. */
	static final String CALLBACKS = "hawser.callbacks";

	/** Tag of most meters: the hub of the connection. */
	static final String HUB = "hub";
	/** The value of {@link #HUB} where no hub is known. */
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
