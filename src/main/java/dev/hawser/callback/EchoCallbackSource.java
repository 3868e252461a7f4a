package dev.hawser.callback;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Supplies the built-in demonstration to hubs without other callbacks, in a development start or when the settings ask for it. */
final class EchoCallbackSource implements CallbackSource {
	private static final Logger LOG = LoggerFactory.getLogger(EchoCallbackSource.class);

	private final Predicate<String> wanted;

	/** @param wanted whether the hub of this name echoes when it has no other callbacks */
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
