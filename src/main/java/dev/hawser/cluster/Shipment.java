package dev.hawser.cluster;

import dev.hawser.push.RemotePush.Trouble;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The luggage of a connection on its way to its new node, in pieces: each is sent when the one before has got there. One that could not be sent
 * waits, since Redis may be away for a moment; the taker says when it waits no longer. Safe for any thread.
 */
final class Shipment {
	private static final int PIECE = 48 * 1024;
	private static final int NONE = -1;

	private final HandOver.Key to;
	private final byte[] bytes;
	private final Forwarder forwarder;
	private final AtomicLong underWay;
	/** Where the piece begins that waits. */
	private final AtomicInteger waiting = new AtomicInteger();

	/** @param underWay bytes that are on their way, of all shipments */
	Shipment(HandOver.Key to, byte[] bytes, Forwarder forwarder, AtomicLong underWay) {
		this.to = to;
		this.bytes = bytes;
		this.forwarder = forwarder;
		this.underWay = underWay;
	}

	/** Sends the piece that waits, and those behind it. */
	void send() {
		int at = waiting.getAndSet(NONE);
		if (at != NONE) {
			send(at);
		}
	}

	boolean isWaiting() {
		return waiting.get() != NONE;
	}

	private void send(int at) {
		int end = Math.min(bytes.length, at + PIECE);
		int length = end - at;
		if (length == 0) {
			return;
		}
		underWay.addAndGet(length);
		Step part = new Step.Part(Arrays.copyOfRange(bytes, at, end), bytes.length - end);
		forwarder.send(new Letter.Moving(to.number(), part), to.taker(), sent -> {
			underWay.addAndGet(-length);
			if (sent.trouble() == Trouble.NONE || sent.trouble() == Trouble.UNKNOWN) {
				send(end); // behind one of which it is not known: that gets there first, or the taker is dead
			}
			else {
				waiting.set(at);
			}
		});
	}
}
