package dev.hawser.http.upgrade;

/**
 * Makes sure that a write to a socket has the stack that it needs. Where the stack ends within the JDK's channel, a lock in it is never
 * released, and each thread that touches the socket after that waits for ever: the selector's too, and with it every connection. So it has
 * to end before, where nothing is held that is not given back.
 */
final class StackReserve {
	/** Frames of {@link #descend}; together some 10 kB, more than the frames below a write have. */
	private static final int FRAMES = 96;

	private StackReserve() {
	}

	/** @throws StackOverflowError when there is too little left */
	static void require() {
		if (descend(FRAMES, 1, 2, 3) == 0) {
			throw new AssertionError("a sum of positive numbers");
		}
	}

	/** The numbers are used behind the call, so that each frame has to keep them. */
	private static long descend(int frames, long a, long b, long c) {
		return frames == 0 ? a + b + c : descend(frames - 1, a + 1, b + frames, c + a) + a * b + c;
	}
}
