package dev.hawser.connection;

import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one connection, and its place on the timer wheel: pings, silence, idleness, the end of its token, the steps
 * of closing. What is due is done by the wheel's thread.
 */
final class DeadlineTimer extends TimerWheel.Entry {
	/** No connection lives that long, and times beyond may not fit into milliseconds. */
	private static final Duration FAR = Duration.ofDays(36_500);

	private final WebSocketConnection connection;
	private final Deadlines heartbeat;
	private final long begun;
	private volatile @Nullable String tokenId;

	DeadlineTimer(WebSocketConnection connection, Ticket ticket) {
		this.connection = connection;
		this.begun = now();
		this.heartbeat = new Deadlines(connection.hub().settings(), begun);
		adopt(ticket);
	}

	/** Puts the next deadline on the wheel, if there is one. */
	void schedule() {
		long next = heartbeat.nextCheck();
		if (next >= 0) {
			connection.timers().schedule(this, next);
		}
	}

	/** The name of the token that counts; null for none. */
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
		heartbeat.expires(ends ? now() + Math.max(0, now.until(end, ChronoUnit.MILLIS)) : -1);
	}

	/** A step of closing begins, for which the peer has the close timeout. */
	void closing() {
		connection.timers().schedule(this, heartbeat.closing(now()));
	}

	/** The socket is gone. */
	void end() {
		connection.timers().cancel(this);
	}

	void received(boolean message) {
		heartbeat.received(now(), message);
	}

	void sent(boolean message) {
		heartbeat.sent(now(), message);
	}

	void resumed() {
		heartbeat.resumed(now());
	}

	Instant begunAt() {
		return at(begun);
	}

	Instant lastReceivedAt() {
		return at(heartbeat.lastReceived());
	}

	Instant lastSentAt() {
		return at(heartbeat.lastSent());
	}

	/** Milliseconds, as of the wheel's last tick. */
	private long now() {
		return connection.timers().now();
	}

	private Instant at(long millis) {
		return connection.timers().startedAt().plusMillis(millis);
	}

	@Override
	long expire(long now) {
		switch (heartbeat.check(now, connection.isBeingRead())) {
			case QUIET -> {
			}
			case PING -> connection.send(new OutgoingFrame(Opcode.PING, true, new byte[0]));
			case NO_PONG -> connection.closing().fail(CloseReasons.NO_PONG);
			case IDLE -> connection.close(CloseReasons.IDLE);
			case EXPIRED -> connection.close(CloseReasons.TOKEN_EXPIRED);
			case CLOSE_OVERDUE -> connection.ended(null);
		}
		return heartbeat.nextCheck();
	}
}
