package dev.hawser.callback;

import dev.hawser.api.WebSocketServer;
import java.util.List;
import java.util.Objects;
import org.springframework.web.socket.WebSocketHandler;

/** Finds the callbacks of hubs. */
public final class CallbackRegistry {
	private final List<CallbackSource> sources;
	private final CallbackSettings settings;

	/** @param sources the sources, in the order in which they are asked */
	CallbackRegistry(List<CallbackSource> sources, CallbackSettings settings) {
		this.sources = sources;
		this.settings = settings;
	}

	/**
	 * The callbacks of a hub, from the first source that has any.
	 *
	 * @param hub the hub's name
	 */
	public Callbacks find(String hub) {
		return sources.stream().map(source -> source.find(hub)).filter(Objects::nonNull).findFirst()
				.orElseThrow(() -> new InvalidCallbacksException(
						"The hub '" + hub + "' has no callbacks: what its clients send would go nowhere.",
						"Put a jar with callbacks into the folder callbacks beside hawser.jar, or name one in LOADER_PATH. For clients that"
								+ " only receive set hawser.hubs." + hub + ".callbacks=none; to have every message sent back, set"
								+ " hawser.callbacks.echo=true."));
	}

	/** Calls these callbacks when something happens to a connection. */
	public WebSocketHandler handler(WebSocketServer server, Callbacks callbacks) {
		return new CallbackWebSocketHandler(server, callbacks, settings);
	}
}
