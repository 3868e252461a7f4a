package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.CloseHandshake.Phase;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.connection.outbox.Outbox;
import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.OutgoingFrame;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Ends one connection, whichever side begins. Carries out on the wire what {@link CloseHandshake} decides, and then has the handler
 * called for the last time. Any thread may call; methods that need the connection's lock assert it.
 */
final class Closing {
	private final ConnectionLock lock;
	private final Outbox outbox;
	private final Transport transport;
	private final DeadlineTimer deadlines;
	private final End owner;
	private final CloseHandshake handshake = new CloseHandshake();

	/** The connection that ends. Called under the lock. */
	interface End {
		/** The message that goes out before the server's close frame; null for none. */
		@Nullable
		OutgoingFrame farewell(CloseStatus status);

		/** The closing handshake is over: the last callback must run, and no other after it. Called once. */
		void complete(CloseStatus status);
	}

	/** @param lock the owner's */
	Closing(ConnectionLock lock, Outbox outbox, Transport transport, DeadlineTimer deadlines, End owner) {
		this.lock = lock;
		this.outbox = outbox;
		this.transport = transport;
		this.deadlines = deadlines;
		this.owner = owner;
	}

	Phase phase() {
		return handshake.phase();
	}

	private boolean isComplete() {
		return phase() == Phase.COMPLETE;
	}

	/** The side that ended the connection; known when the closing is complete. */
	CloseInitiator initiator() {
		return handshake.initiator();
	}

	/**
	 * Sends a close frame after the messages that wait, and gives the peer time to answer.
	 *
	 * @throws IllegalArgumentException for a code that must not be sent, or a reason over 123 bytes of UTF-8
	 */
	SendResult start(CloseStatus status) {
		CloseCodes.requireSendable(status.getCode(), status.getReason());
		lock.lock();
		try {
			if (isComplete()) {
				return SendResult.NOT_FOUND;
			}
			if (!handshake.begin(status)) {
				return SendResult.NOT_ESTABLISHED;
			}
			outbox.sendClose(status, owner.farewell(status));
			deadlines.closing();
			long queued = outbox.queuedBytes();
			return queued == 0 ? SendResult.SENT : new SendResult.Queued(queued);
		}
		finally {
			lock.unlock();
		}
	}

	/** As {@link #start}, but behind the callbacks that run or wait, as long as they take no longer than the close timeout. */
	void startBehind(HandlerCalls calls, CloseStatus status) {
		calls.runBehind(() -> start(status));
		if (phase() == Phase.OPEN) {
			deadlines.afterCloseTimeout(() -> start(status));
		}
	}

	/**
	 * Fails the connection (RFC 6455 section 7.1.7): sends a close frame with the reason and closes the socket without waiting for
	 * the peer's close frame.
	 */
	void fail(CloseStatus status) {
		lock.lock();
		try {
			if (handshake.begin(status)) {
				outbox.sendClose(status, owner.farewell(status));
			}
			complete();
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Ends the connection to get its memory back: as {@link #fail}, but if messages wait for the peer they are lost and the socket is
	 * reset, since a peer that does not read gets no close frame either.
	 */
	void giveUp(CloseStatus status) {
		lock.lock();
		try {
			fail(status);
			if (!outbox.isEmpty()) {
				loseOutput();
				transport.reset();
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** Closes the socket without a close frame; waiting messages are still sent. False when the closing was already complete. */
	boolean hangUp() {
		lock.lock();
		try {
			if (isComplete()) {
				return false;
			}
			handshake.abandoned();
			complete();
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	/** Resets the socket; waiting messages are lost. False when the closing was already complete. */
	boolean reset() {
		lock.lock();
		try {
			if (isComplete()) {
				return false;
			}
			handshake.abandoned();
			loseOutput();
			complete();
			transport.reset();
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	/** The socket has ended. */
	void ended() {
		lock.lock();
		try {
			loseOutput();
			complete();
			deadlines.end();
			transport.close();
		}
		finally {
			lock.unlock();
		}
	}

	/** The peer's close frame has come, in order with the other events. */
	void peerClosed(CloseStatus status) {
		lock.lock();
		try {
			if (handshake.peerClosed(status)) {
				// 5.5.1: "the endpoint typically echos the status code it received"
				outbox.sendClose(status, null);
			}
			complete();
		}
		finally {
			lock.unlock();
		}
	}

	/** A ping is sent. */
	void pinged() {
		lock.lock();
		try {
			handshake.pinged();
		}
		finally {
			lock.unlock();
		}
	}

	/** A pong has come, with or without a ping. */
	void ponged() {
		lock.lock();
		try {
			handshake.ponged();
		}
		finally {
			lock.unlock();
		}
	}

	/** The transport has written all that it was given. */
	void written() {
		lock.lock();
		try {
			if (outbox.written() && isComplete()) {
				shutdownOutput();
			}
		}
		finally {
			lock.unlock();
		}
	}

	private void loseOutput() {
		outbox.fail();
		handshake.endOutput();
	}

	/** The handshake is over: the last callback must run, and the socket is closed in order. */
	private void complete() {
		assert lock.isHeldByCurrentThread();
		if (!handshake.complete()) {
			return;
		}
		deadlines.closing();
		outbox.end();
		if (outbox.isEmpty()) {
			shutdownOutput();
		}
		owner.complete(handshake.status());
	}

	/**
	 * Sends FIN and, if the peer may still send, reads on: closing a socket with unread bytes sends a reset, which may destroy the
	 * close frame on its way (RFC 6455 section 7.1.1).
	 */
	private void shutdownOutput() {
		if (!handshake.endOutput()) {
			return;
		}
		if (handshake.heardOut()) {
			transport.finish();
		}
		else {
			transport.shutdownOutput();
		}
	}
}
