package dev.hawser.callback;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in demonstration, for hubs that have no other callbacks: in a development start, or where it is asked for. */
final class EchoCallbackSource implements CallbackSource {
	private static final Logger LOG = LoggerFactory.getLogger(EchoCallbackSource.class);

	private final Predicate<String> wanted;

	/** @param wanted whether the hub of this name may have it */
	EchoCallbackSource(Predicate<String> wanted) {
		this.wanted = wanted;
	}

	@Override
	public @Nullable Callbacks find(String hub) {
		if (!wanted.test(hub)) {
			return null;
		}
		LOG.info("No callback beans found for hub {}: the built-in demonstration echoes every message", hub);
		return Callbacks.onMessageOnly(new EchoOnMessage());
	}
}
