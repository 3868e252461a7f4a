package dev.hawser.token;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once when an issuer stops answering, and once when it answers again. Used by many threads. */
final class OutageLog {
	private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

	private final String issuer;
	private final AtomicBoolean outage = new AtomicBoolean();

	/** @param issuer what the issuer is asked for: "the keys of tokens at https://..." */
	OutageLog(String issuer) {
		this.issuer = issuer;
	}

	/** @param why the cause, without any part of a token or of the issuer's answer */
	void failed(String why) {
		if (!outage.getAndSet(true)) {
			LOG.warn("No answer about {}: {}", issuer, why);
		}
	}

	void answered() {
		if (outage.get() && outage.getAndSet(false)) {
			LOG.info("There are answers again about {}", issuer);
		}
	}

	/** Whether the last request failed. */
	boolean isOutage() {
		return outage.get();
	}
}
