package dev.hawser.callback;

import org.jspecify.annotations.Nullable;

/**
 * Supplies the callbacks of a hub. Sources are beans and are asked once for each hub, at the start, in their order ({@code
 * @Order}). The first source that has callbacks for a hub supplies all of them.
 */
@FunctionalInterface
public interface CallbackSource {

	/**
	 * The callbacks of a hub; null when this source has none for it.
	 *
	 * @param hub the hub's name
	 * @throws InvalidCallbacksException when its callbacks for the hub do not fit together: the server does not start
	 */
	@Nullable
	Callbacks find(String hub);
}
