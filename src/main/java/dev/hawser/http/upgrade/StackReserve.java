package dev.hawser.http.upgrade;

/**
 * Makes sure that a write to a socket has enough stack. If the stack overflows inside the JDK's channel, a lock there is never
 * released; every thread that then uses the socket waits for ever, including the selector's thread and thus every connection. The
 * overflow must therefore happen before the call, where no lock is held.
 */
final class StackReserve {
	/** Frames of {@link #descend}; together about 10 kB, more than a write needs. */
	private static final int FRAMES = 96;

	private StackReserve() {
	}

	/** @throws StackOverflowError when too little stack is left */
	static void require() {
		if (descend(FRAMES, 1, 2, 3) == 0) {
			throw new AssertionError("a sum of positive numbers");
		}
	}

	/** Uses the numbers after the call, so that each frame must keep them. */
	private static long descend(int frames, long a, long b, long c) {
		return frames == 0 ? a + b + c : descend(frames - 1, a + 1, b + frames, c + a) + a * b + c;
	}
}
