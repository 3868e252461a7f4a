package dev.hawser.subprotocol;

import java.util.Arrays;

/**
 * The last ids of requests that were carried out, so that a client can repeat a request without having it done twice. Ids are
 * unsigned. Used by one thread at a time.
 */
final class AckIds {
	/** As many as the official service remembers at least. */
	static final int MOST = 1000;
	private static final int FIRST_SIZE = 8;

	private long[] ring = new long[FIRST_SIZE];
	private int count;
	private int next;
	/** Clients count upwards, so that nearly every id is larger than all before. */
	private long largest;

	boolean contains(long id) {
		if (count == 0 || Long.compareUnsigned(id, largest) > 0) {
			return false;
		}
		for (int i = 0; i < count; i++) {
			if (ring[i] == id) {
				return true;
			}
		}
		return false;
	}

	/** All ids, the oldest first. */
	long[] all() {
		long[] all = new long[count];
		int first = count < MOST ? 0 : next;
		for (int i = 0; i < count; i++) {
			all[i] = ring[(first + i) % count];
		}
		return all;
	}

	/** Adds an id that it does not contain; the oldest one is forgotten when there are too many. */
	void add(long id) {
		if (count == 0 || Long.compareUnsigned(id, largest) > 0) {
			largest = id;
		}
		if (count == ring.length && count < MOST) {
			ring = Arrays.copyOf(ring, Math.min(MOST, 2 * count));
		}
		if (count < ring.length) {
			ring[count++] = id;
			return;
		}
		ring[next] = id;
		next = (next + 1) % MOST;
	}
}
