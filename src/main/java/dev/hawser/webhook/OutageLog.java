package dev.hawser.webhook;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once when a backend stops taking events, and once when it takes them again. Used by many threads. */
final class OutageLog {
	private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

	private final String hub;
	private final String origin;
	private final AtomicBoolean outage = new AtomicBoolean();

	/** @param origin scheme, host and port of the backend */
	OutageLog(String hub, String origin) {
		this.hub = hub;
		this.origin = origin;
	}

	/**
	 * An event was not delivered, or the handler check has failed.
	 *
	 * @param why the cause, without any part of an event or of the backend's answer
	 * @return whether an outage begins with it
	 */
	boolean failed(String why) {
		boolean begins = !outage.getAndSet(true);
		if (begins) {
			LOG.warn("Events of hub {} are not delivered to {}: {}", hub, origin, why);
		}
		return begins;
	}

	void delivered() {
		if (outage.get() && outage.getAndSet(false)) {
			LOG.info("Events of hub {} are delivered to {} again", hub, origin);
		}
	}

	/** Whether the last event was not delivered. */
	boolean isOutage() {
		return outage.get();
	}
}
