package dev.hawser.cluster;

import dev.hawser.push.RemotePush.Trouble;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The letters for one other node. At most one batch is on its way to the inbox, which keeps their order; what comes meanwhile is the next
 * batch. A batch of which it is not known whether it got there is sent again, with the same number, so that the other node takes it once.
 * Used by the thread of the cluster.
 */
final class Link {
	static final int MOST_LETTERS = 256;
	private static final int MOST_BYTES = 256 * 1024;
	/** Letters and bytes that may wait. */
	private static final int MOST_WAITING = 10_000;
	private static final long MOST_WAITING_BYTES = 16L * 1024 * 1024;
	private static final long LEFT = Duration.ofMinutes(1).toNanos();
	private static final byte[] MARK = new Letter.Mark().bytes();

	private final String node;
	private final Redis redis;
	private final Executor thread;
	private final ClusterMeters meters;
	private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
	private long waitingBytes;
	private long number;
	private @Nullable Sent sent;
	private boolean underWay;
	/** Whether a batch is to be sent again, but not at once. */
	private boolean resting;
	private long lastLive;
	/** Whether a batch of this link may have got to the inbox. */
	private boolean used;
	/** Whether the other node must get a number, by which it sees whether it misses something. */
	private boolean unsettled;

	/** A batch that is on its way, or of which it is not known whether it has got there. */
	private record Sent(byte[] bytes, List<Outgoing> letters, boolean doubtful) {
	}

	Link(String node, Redis redis, Executor thread, ClusterMeters meters) {
		this.node = node;
		this.redis = redis;
		this.thread = thread;
		this.meters = meters;
	}

	void add(Outgoing letter) {
		if (waiting.size() >= MOST_WAITING || waitingBytes + letter.letter.length > MOST_WAITING_BYTES) {
			letter.failed(Trouble.OVERLOADED);
			return;
		}
		waiting.add(letter);
		waitingBytes += letter.letter.length;
	}

	/** Sends the next batch, unless one is on its way. */
	void flush(String self) {
		if (underWay || resting) {
			return;
		}
		Sent again = sent;
		if (again != null) {
			send(again);
			return;
		}
		if (waiting.isEmpty() && !unsettled) {
			return;
		}
		List<Outgoing> letters = new ArrayList<>();
		int bytes = 0;
		while (!waiting.isEmpty() && letters.size() < MOST_LETTERS
				&& (letters.isEmpty() || bytes + waiting.element().letter.length <= MOST_BYTES)) {
			Outgoing next = waiting.remove();
			waitingBytes -= next.letter.length;
			if (!next.isOver()) {
				letters.add(next);
				bytes += next.letter.length;
			}
		}
		if (letters.isEmpty() && unsettled) {
			letters.add(new Outgoing(MARK, null, null, 0, _ -> {
			}));
		}
		if (!letters.isEmpty()) {
			send(new Sent(Batch.bytes(self, number + 1, letters.stream().map(each -> each.letter).toList()), letters, false));
		}
	}

	private void send(Sent batch) {
		sent = batch;
		underWay = true;
		var _ = redis.append(node, batch.bytes).whenCompleteAsync((taken, failure) -> {
			underWay = false;
			if (taken == null) {
				failed(batch, RedisLink.cause(failure));
			}
			else if (taken) {
				arrived(batch);
			}
			else {
				drop(batch, Trouble.OVERLOADED);
			}
		}, thread);
	}

	private void arrived(Sent batch) {
		number++;
		used = true;
		unsettled = false;
		sent = null;
		meters.sent();
		batch.letters.forEach(each -> each.arrived(node));
	}

	private void failed(Sent batch, @Nullable Throwable cause) {
		if (!batch.doubtful && RedisFailure.of(cause) == RedisFailure.TRYAGAIN) {
			takeBack(batch);
			return;
		}
		if (!(cause instanceof RedisAwayException) && !(cause instanceof RedisRefusedException)) {
			sent = new Sent(batch.bytes, batch.letters, true);
			resting = true;
		}
		else {
			drop(batch, Trouble.AWAY);
		}
	}

	/** The inbox is on its way to another primary, and is not there yet: the letters wait for a moment, as if they had not been sent. */
	private void takeBack(Sent batch) {
		sent = null;
		resting = true;
		for (Outgoing letter : batch.letters.reversed()) {
			waiting.addFirst(letter);
			waitingBytes += letter.letter.length;
		}
	}

	/** The batch has not got there, at least not this time. */
	private void drop(Sent batch, Trouble why) {
		if (batch.doubtful) {
			resting = true;
			return;
		}
		sent = null;
		batch.letters.forEach(each -> each.failed(why));
	}

	/** Time has passed: what has failed may be tried again. */
	void rested() {
		resting = false;
	}

	/** Gives up what has waited since before this time. What may have got there is still sent again, for the sake of its number. */
	void expire(long before) {
		Sent onItsWay = sent;
		if (onItsWay != null) {
			onItsWay.letters.stream().filter(each -> each.since - before < 0)
					.forEach(each -> each.giveUp(onItsWay.doubtful || underWay ? Trouble.UNKNOWN : Trouble.AWAY));
		}
		while (!waiting.isEmpty() && waiting.element().since - before < 0) {
			Outgoing old = waiting.remove();
			waitingBytes -= old.letter.length;
			old.failed(Trouble.AWAY);
		}
	}

	/** Nothing will get to this node any more. */
	void close() {
		Sent onItsWay = sent;
		if (onItsWay != null) { // it may have got there before
			onItsWay.letters.forEach(each -> each.failed(Trouble.UNKNOWN));
		}
		waiting.forEach(each -> each.failed(Trouble.AWAY));
		waiting.clear();
		waitingBytes = 0;
	}

	/** Redis may have lost what was in the inbox: the next batch shows the other node whether it has. It is made again until it gets there. */
	void settle() {
		unsettled = used;
	}

	/** Whether the node has left long ago. For one that is missing for a moment, the numbers must not begin at 1 again. */
	boolean isOver(boolean live, long now) {
		lastLive = live || lastLive == 0 ? now : lastLive;
		return now - lastLive > LEFT && sent == null && waiting.isEmpty();
	}
}
