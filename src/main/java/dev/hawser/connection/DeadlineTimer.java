package dev.hawser.connection;

import dev.hawser.protocol.Opcode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one connection, and its place on the timer wheel: pings, silence, idleness, the end of its token, the steps of
 * closing. The owner is told on the wheel's thread what is due.
 */
final class DeadlineTimer extends TimerWheel.Entry {
	/** Time in which the bytes of a peer that seems silent are read, before the peer is judged again. */
	static final long GRACE_MILLIS = 1000;
	/** Longer than any connection lives; larger times may not fit into milliseconds. */
	private static final Duration FAR = Duration.ofDays(36_500);

	private final TimerWheel wheel;
	private final Deadlines deadlines;
	private final Transport transport;
	private final Owner owner;
	private final long begun;
	private volatile @Nullable String tokenId;
	/** Whether the last check was put off; used by the wheel's thread. */
	private boolean putOff;

	/** The connection that has the deadlines. Called on the wheel's thread. */
	interface Owner {
		/** Whether the socket is being read: while a callback holds it up, silence is not the peer's fault. */
		boolean isBeingRead();

		/** This deadline is due; {@link Deadlines.Verdict#QUIET} if none is. */
		void due(Deadlines.Verdict verdict);
	}

	DeadlineTimer(TimerWheel wheel, OpeningHandshake opening, Transport transport, Owner owner) {
		this.wheel = wheel;
		this.transport = transport;
		this.owner = owner;
		this.begun = now();
		this.deadlines = new Deadlines(opening.hub().settings(), begun);
		adopt(opening.ticket());
	}

	/** Puts the next deadline on the wheel, if there is one. */
	void schedule() {
		long next = deadlines.nextCheck();
		if (next >= 0) {
			wheel.schedule(this, next);
		}
	}

	/** The {@code jti} of the current token; null for none. */
	@Nullable
	String tokenId() {
		return tokenId;
	}

	void renew(Ticket fresh) {
		adopt(fresh);
		schedule();
	}

	private void adopt(Ticket ticket) {
		tokenId = ticket.tokenId();
		Instant end = ticket.endsAt();
		Instant now = Instant.now();
		boolean ends = end != null && end.isBefore(now.plus(FAR));
		deadlines.expires(ends ? now() + Math.max(0, now.until(end, ChronoUnit.MILLIS)) : -1);
	}

	/** What the connection's current token allows, for another node. */
	Ticket ticket() {
		long expiry = deadlines.expiry();
		return new Ticket(tokenId, expiry < 0 ? null : at(expiry));
	}

	/** Starts the close timeout for one step of the closing. */
	void closing() {
		wheel.schedule(this, deadlines.closing(now()));
	}

	/** Runs the task on the wheel's thread after this many milliseconds. */
	void after(long millis, Runnable task) {
		wheel.after(millis, task);
	}

	/** Runs the task on the wheel's thread when the time for a step of the closing is over. */
	void afterCloseTimeout(Runnable task) {
		after(deadlines.closeTimeout(), task);
	}

	/** The socket is gone. */
	void end() {
		wheel.cancel(this);
	}

	/** Bytes came in. */
	void received() {
		deadlines.received(now());
	}

	/** Text or binary messages came in. */
	void receivedMessage() {
		deadlines.receivedMessage(now());
	}

	/** A frame went out. */
	void sent(Opcode opcode) {
		if (opcode.isControl()) {
			deadlines.sent(now());
		}
		else {
			deadlines.sentMessage(now());
		}
	}

	/** The socket is going to be read again. */
	void resumed() {
		deadlines.resumed(now());
	}

	/** Milliseconds for which the process has stood still since its start. */
	long stoodStill() {
		return wheel.stoodStill();
	}

	Instant begunAt() {
		return at(begun);
	}

	Instant lastReceivedAt() {
		return at(deadlines.lastReceived());
	}

	Instant lastSentAt() {
		return at(deadlines.lastSent());
	}

	/** Milliseconds, as of the wheel's last tick. */
	private long now() {
		return wheel.now();
	}

	private Instant at(long millis) {
		return wheel.startedAt().plusMillis(millis);
	}

	/**
	 * Nothing that the peer did not do in time counts before its bytes have been read: the process may have stood still for longer
	 * than a deadline, or be busy.
	 */
	@Override
	long expire(long now) {
		Deadlines.Verdict verdict = check(now);
		if (verdict.blamesPeer()) {
			if (!transport.isQuiet() && mayPutOff(verdict)) {
				putOff = true;
				return now + GRACE_MILLIS;
			}
			verdict = check(now); // what came between the first check and the look at the socket has been read
		}
		putOff = false;
		owner.due(verdict);
		return deadlines.nextCheck();
	}

	private Deadlines.Verdict check(long now) {
		return deadlines.check(now, owner.isBeingRead());
	}

	/** A peer that should hang up is put off once only, or it could keep its socket by sending without end. */
	private boolean mayPutOff(Deadlines.Verdict verdict) {
		return verdict != Deadlines.Verdict.CLOSE_OVERDUE || !putOff;
	}
}
