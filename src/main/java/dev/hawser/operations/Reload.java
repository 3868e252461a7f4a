package dev.hawser.operations;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the configuration anew while the server runs. Safe for any thread. */
public interface Reload {

	/** Reads all of it, and puts it in force if all of it is good. */
	Outcome reload();

	/**
	 * What came of it.
	 *
	 * @param applied     whether the new configuration is in force; if not, nothing of it is
	 * @param error       a sentence about the value that is bad; null when none is
	 * @param needRestart properties that have changed, but are only read at a start
	 */
	record Outcome(boolean applied, @Nullable String error, List<String> needRestart) {
	}
}
