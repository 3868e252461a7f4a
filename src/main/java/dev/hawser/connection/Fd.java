package dev.hawser.connection;

import org.jspecify.annotations.Nullable;

/**
 * The number of a connection on its node. Each connection is the key under which the registry has it, and a lookup needs a key without one.
 * With keys of their own, idle connections would be larger by 1 %.
 */
class Fd {
	private final long fd;

	Fd(long fd) {
		this.fd = fd;
	}

	/** The connection's number on this node: from 1 upwards, never used twice while the process lives. */
	public final long fd() {
		return fd;
	}

	@Override
	public final boolean equals(@Nullable Object other) {
		return other instanceof Fd same && same.fd == fd;
	}

	@Override
	public final int hashCode() {
		return Long.hashCode(fd);
	}
}
