package dev.hawser.callback;

import org.jspecify.annotations.Nullable;

/**
 * Where the callbacks of a hub come from. Sources are beans; they are asked in their order ({@code @Order}), and the first that has
 * callbacks for a hub serves it alone. Asked once for each hub, at the start.
 */
@FunctionalInterface
public interface CallbackSource {

	/**
	 * The callbacks of a hub; null when this source has none for it.
	 *
	 * @param hub the hub's name
	 * @throws InvalidCallbacksException when what it has for the hub makes no sense: the server does not start
	 */
	@Nullable
	Callbacks find(String hub);
}
