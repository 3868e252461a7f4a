package dev.hawser.operations;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the configuration again while the server runs. Safe for any thread. */
public interface Reload {

	/** Reads the whole configuration, and puts it in force if every value is good. */
	Outcome reload();

	/**
	 * The result of a reload.
	 *
	 * @param applied     whether the new configuration is in force; if false, no part of it is
	 * @param error       a sentence about the bad value; null when all values are good
	 * @param needRestart changed properties that are only read at a start
	 */
	record Outcome(boolean applied, @Nullable String error, List<String> needRestart) {
	}
}
