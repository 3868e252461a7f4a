package dev.hawser.push;

import org.jspecify.annotations.Nullable;

/**
 * A request that its caller may repeat when it is not known whether all nodes have carried it out. While its thread runs with an
 * operation, each message that it sends has a name, and a node that has sent a message of this name does not send it again. A repetition
 * must send the same messages in the same order. Used by one thread.
 */
public final class Operation {
	/** The operation of the current thread. */
	public static final ScopedValue<Operation> CURRENT = ScopedValue.newInstance();

	private final String name;
	private int messages;

	/** @param name the same for each repetition, and for nothing else */
	public Operation(String name) {
		this.name = name;
	}

	/** The name of the next message of the current thread; null without an operation. */
	static @Nullable String nextMessage() {
		return CURRENT.isBound() ? CURRENT.get().next() : null;
	}

	private String next() {
		return name + '/' + messages++;
	}
}
