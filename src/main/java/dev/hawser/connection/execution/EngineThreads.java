package dev.hawser.connection.execution;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that all connections depend on: those of the selectors and of the timer wheel. They can be asked for a sign of life, and
 * an error that they cannot survive ends the process. Safe for any thread.
 */
public final class EngineThreads {
	/** Causes of an exception that are looked at: enough for any wrapper, and an end for causes that form a ring. */
	private static final int MOST_CAUSES = 10;

	private static volatile @Nullable LastWords lastWords;

	private final List<Supplier<Map<String, Executor>>> sources = new CopyOnWriteArrayList<>();

	/**
	 * From now on, errors that cannot be survived end this process. Called once, by a process that is nothing but this server; elsewhere,
	 * such as in a test, these errors end nothing.
	 */
	public static void endTheProcessOnFatalErrors() {
		lastWords = LastWords.prepare();
	}

	/**
	 * Ends the process if the error, or one of its causes, is one of the virtual machine: {@link OutOfMemoryError} above all, after which
	 * threads may be missing and locks may be held for ever. A {@link StackOverflowError} ends only the work that it has interrupted. Called
	 * wherever such an error is caught; needs no memory.
	 */
	public static void endProcessIfFatal(Throwable failure) {
		LastWords words = lastWords;
		if (words != null && isFatal(failure)) {
			words.say(failure);
		}
	}

	/** Ends the process, since a thread that all connections depend on cannot go on. */
	public static void endProcess(Throwable cause) {
		LastWords words = lastWords;
		if (words != null) {
			words.say(cause);
		}
	}

	private static boolean isFatal(Throwable failure) {
		Throwable cause = failure;
		for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
			if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

	/**
	 * Adds threads.
	 *
	 * @param source the threads by their name, as they are at each call: an executor runs a task soon on its thread, and does not wait
	 */
	public void add(Supplier<Map<String, Executor>> source) {
		sources.add(source);
	}

	/** All threads by their name. An executor runs a task soon on its thread, and does not wait. */
	public Map<String, Executor> all() {
		Map<String, Executor> all = new HashMap<>();
		sources.forEach(source -> all.putAll(source.get()));
		return all;
	}
}
