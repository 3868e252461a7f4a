package dev.hawser.connection.outbox;

import dev.hawser.api.SendResult;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a connection that outlives its socket, until its client confirms them. A message gets its number when it is sent for
 * the first time, so that one whose deadline passes before leaves no gap; from then on it keeps its number and has no deadline. Used
 * under the connection's lock only.
 *
 * <pre>
 *  kept: 5 6 7          sent and numbered, not confirmed
 *  next: 8 9 - - -      not sent on this socket yet: first those that an earlier socket has had, then new ones
 * </pre>
 */
public final class Unconfirmed {
	/** So many bytes may wait in the outbox: the others wait here, where they are kept anyway. */
	private static final long ENOUGH = 64 * 1024;
	/** Bytes that a message takes besides its frame, approximately. */
	private static final long ENTRY = 96;

	private final Outbox outbox;
	private final Bounds bounds;
	private final LongAdder total;
	private @Nullable ArrayDeque<OutgoingFrame> kept;
	private @Nullable ArrayDeque<Unsent> next;
	/** The number of the last message in {@code kept}, or of the last one that was confirmed. */
	private long last;
	private int messages;
	private long bytes;
	/** Those of {@code bytes} that belong to frames which are sent once. */
	private long once;
	private int dropped;
	private State state = State.SENDING;

	private enum State {
		SENDING,
		/** There is no socket. */
		AWAY,
		ENDED
	}

	/**
	 * @param messages  most messages
	 * @param bytes     most bytes of all frames
	 * @param numbering makes the frame that is sent of a message and its number
	 * @param clock     returns {@link System#nanoTime}, for the deadlines of messages
	 */
	public record Bounds(int messages, long bytes, Numbering numbering, LongSupplier clock) {
		/** Puts the number of a message into its frame. */
		public interface Numbering {
			OutgoingFrame numbered(OutgoingFrame message, long number);
		}
	}

	/**
	 * @param outbox sends what is sent here, and its account is charged
	 * @param total  the bytes of all connections
	 */
	public Unconfirmed(Outbox outbox, Bounds bounds, LongAdder total) {
		this.outbox = outbox;
		this.total = total;
		this.bounds = bounds;
	}

	/**
	 * Takes a message, and sends it if its turn has come.
	 *
	 * @return null when there is no room for it: then the client can never have all messages
	 */
	public @Nullable SendResult send(OutgoingFrame message) throws IOException {
		SendResult refusal = refusalOf(message);
		if (refusal != null) {
			return refusal;
		}
		if (!hasRoomFor(message)) {
			dropExpired();
			if (!hasRoomFor(message)) {
				return null;
			}
		}
		charge(message, 1);
		add(new Unsent(message, Unsent.NEW));
		pump();
		return next == null && state == State.SENDING ? outbox.queue.accepted() : new SendResult.Queued(bytes);
	}

	private boolean hasRoomFor(OutgoingFrame message) {
		return messages < bounds.messages() && bytes - once + message.size() <= bounds.bytes();
	}

	/**
	 * Sends a frame that is not kept, behind the messages before it. It is lost when the socket breaks. Such frames take no room away from
	 * messages, and may take as much.
	 *
	 * @return null when there is no room for it: the client does not read
	 */
	public @Nullable SendResult sendOnce(OutgoingFrame frame) throws IOException {
		SendResult refusal = refusalOf(frame);
		if (refusal != null || state != State.SENDING) {
			return refusal != null ? refusal : SendResult.SENT;
		}
		if (once > 0 && once + frame.size() > bounds.bytes()) {
			return null;
		}
		once += frame.size();
		charge(frame, 0);
		add(new Unsent(frame, Unsent.ONCE));
		pump();
		return outbox.queue.accepted();
	}

	private @Nullable SendResult refusalOf(OutgoingFrame frame) {
		long largest = outbox.queue.limits.largest();
		return outbox.refusal != null || frame.length() <= largest ? outbox.refusal : new SendResult.TooLarge(largest);
	}

	private void add(Unsent entry) {
		if (next == null) {
			next = new ArrayDeque<>();
		}
		next.add(entry);
	}

	/** Sends as much as the socket takes soon. Must be called again when the outbox has been written. */
	public void pump() throws IOException {
		pump(ENOUGH);
	}

	/** Sends everything, however much the socket takes. */
	public void sendAll() throws IOException {
		pump(Long.MAX_VALUE);
	}

	private void pump(long most) throws IOException {
		while (next != null && state == State.SENDING && outbox.queue.pending() <= most) {
			Unsent first = next.remove();
			if (next.isEmpty()) {
				next = null;
			}
			if (first.number() == Unsent.ONCE) {
				release(first);
				outbox.queue.put(first.frame());
			}
			else if (first.number() == Unsent.NEW && first.frame().isExpired(bounds.clock().getAsLong())) {
				release(first);
				dropped++;
			}
			else {
				put(first);
			}
		}
	}

	/** The message is kept before it is put: the socket may prove to be broken while it is. */
	private void put(Unsent message) throws IOException {
		last = message.number() == Unsent.NEW ? last + 1 : message.number();
		if (kept == null) {
			kept = new ArrayDeque<>();
		}
		kept.add(message.frame());
		outbox.queue.put(bounds.numbering().numbered(message.frame(), last));
	}

	private void dropExpired() {
		if (next == null) {
			return;
		}
		long now = bounds.clock().getAsLong();
		next.removeIf(each -> {
			boolean expired = each.number() == Unsent.NEW && each.frame().isExpired(now);
			if (expired) {
				release(each);
				dropped++;
			}
			return expired;
		});
		next = next.isEmpty() ? null : next;
	}

	/** The client has all messages up to this number. Other numbers than those that were sent change nothing. */
	public void confirm(long number) throws IOException {
		while (kept != null && last - kept.size() < number) {
			release(kept.remove(), 1);
			if (kept.isEmpty()) {
				kept = null;
			}
		}
		while (next != null && next.element().number() > Unsent.NEW && next.element().number() <= number) {
			last = next.element().number();
			release(next.remove());
			if (next.isEmpty()) {
				next = null;
			}
		}
		pump();
	}

	/** The socket is lost: nothing is sent until {@link #back}. */
	public void away() {
		if (state != State.SENDING) {
			return;
		}
		state = State.AWAY;
		if (next != null) {
			next.stream().filter(each -> each.number() == Unsent.ONCE).forEach(this::release);
			next.removeIf(each -> each.number() == Unsent.ONCE);
		}
		for (long number = last; kept != null && !kept.isEmpty(); number--) {
			if (next == null) {
				next = new ArrayDeque<>();
			}
			next.addFirst(new Unsent(kept.removeLast(), number));
			last = number - 1;
		}
		kept = null;
		next = next == null || next.isEmpty() ? null : next;
	}

	/** There is a new socket, on which everything is sent again that was not confirmed. */
	public void back() throws IOException {
		state = state == State.AWAY ? State.SENDING : state;
		pump();
	}

	/**
	 * Gives each message that is not confirmed, in order, with its number or 0. There must be no socket.
	 *
	 * @return the number before that of the first one which has a number
	 */
	public long each(ObjLongConsumer<OutgoingFrame> taker) {
		(next == null ? List.<Unsent>of() : next).forEach(each -> taker.accept(each.frame(), each.number()));
		return last;
	}

	/** Goes on for another node, which has had numbers up to this one. There is no socket until {@link #back}. */
	public void takeOver(long lastNumber) {
		state = State.AWAY;
		last = lastNumber;
	}

	/** Takes over a message that has this number, or 0. */
	public void takeOver(OutgoingFrame message, long number) {
		charge(message, 1);
		add(new Unsent(message, number));
	}

	/** The connection has ended. */
	public void end() {
		away();
		state = State.ENDED;
		if (next != null) {
			next.forEach(this::release);
			next = null;
		}
	}

	private void charge(OutgoingFrame frame, int counted) {
		messages += counted;
		bytes += frame.size();
		total.add(frame.size());
		outbox.queue.account.add(frame);
		outbox.queue.account.add(ENTRY);
	}

	private void release(OutgoingFrame frame, int counted) {
		messages -= counted;
		bytes -= frame.size();
		total.add(-frame.size());
		outbox.queue.account.remove(frame);
		outbox.queue.account.add(-ENTRY);
	}

	private void release(Unsent entry) {
		if (entry.number() == Unsent.ONCE) {
			once -= entry.frame().size();
		}
		release(entry.frame(), entry.number() == Unsent.ONCE ? 0 : 1);
	}

	/** Bytes of all frames here. */
	public long bytes() {
		return bytes;
	}

	/** The messages that were dropped since the last call, because their deadline passed before they were sent. */
	public int takeDropped() {
		int count = dropped;
		dropped = 0;
		return count;
	}
}
