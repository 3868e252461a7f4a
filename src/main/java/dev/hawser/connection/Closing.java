package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.CloseHandshake.Phase;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;

/**
 * The end of one connection, whoever begins it: does on the wire what {@link CloseHandshake} decides, and then has the handler
 * called for the last time. Any thread may call; a method says so where it wants the connection's lock held.
 */
final class Closing {
	private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

	private final WebSocketConnection connection;
	private final ReentrantLock lock;
	private final CloseHandshake handshake = new CloseHandshake();

	Closing(WebSocketConnection connection, ReentrantLock lock) {
		this.connection = connection;
		this.lock = lock;
	}

	Phase phase() {
		return handshake.phase();
	}

	private boolean isComplete() {
		return phase() == Phase.COMPLETE;
	}

	/** Who ended it; of meaning once it is complete. */
	CloseInitiator initiator() {
		return handshake.initiator();
	}

	/**
	 * Sends a close frame behind what waits, and gives the peer time to answer.
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
			sendFrame(status);
			connection.lifetime().closing();
			long queued = connection.outbound().queuedBytes();
			return queued == 0 ? SendResult.SENT : new SendResult.Queued(queued);
		}
		finally {
			lock.unlock();
		}
	}

	/** Fails the connection (RFC 6455 section 7.1.7): says why and hangs up without waiting for the peer's close frame. */
	void fail(CloseStatus status) {
		lock.lock();
		try {
			if (handshake.begin(status)) {
				sendFrame(status);
			}
			complete();
		}
		finally {
			lock.unlock();
		}
	}

	/** Hangs up without a close frame; what waits is still sent. False when it was complete already. */
	boolean hangUp() {
		return connection.whileOpen(() -> {
			handshake.abandoned();
			complete();
		});
	}

	/** Resets the socket; what waits is lost. False when it was complete already. */
	boolean reset() {
		return connection.whileOpen(() -> {
			handshake.abandoned();
			loseOutput();
			complete();
			connection.transport().reset();
		});
	}

	/** The socket is at its end: closed by the peer (null), or broken. */
	void ended(@Nullable Throwable cause) {
		lock.lock();
		try {
			if (cause != null) {
				LOG.debug("{} socket failed: {}", connection.getId(), cause.toString());
			}
			loseOutput();
			complete();
			connection.lifetime().end();
			connection.transport().close();
		}
		finally {
			lock.unlock();
		}
	}

	/** The peer's close frame, in its place among the events. */
	void peerClosed(CloseStatus status) {
		lock.lock();
		try {
			if (handshake.peerClosed(status)) {
				// 5.5.1: "the endpoint typically echos the status code it received"
				sendFrame(status);
			}
			complete();
		}
		finally {
			lock.unlock();
		}
	}

	/** A ping goes out. Called under the lock. */
	void pinged() {
		handshake.pinged();
	}

	/** A pong has come, asked for or not. */
	void ponged() {
		lock.lock();
		try {
			handshake.ponged();
		}
		finally {
			lock.unlock();
		}
	}

	/** All that waited is written. Called under the lock. */
	void written() {
		if (isComplete()) {
			shutdownOutput();
		}
	}

	// Called under the lock.

	private void sendFrame(CloseStatus status) {
		connection.outbound().sendClose(status);
		connection.observer().sent(Opcode.CLOSE, 0);
	}

	private void loseOutput() {
		connection.outbound().fail();
		handshake.endOutput();
	}

	/** The handshake is over: the last callback is due, and the socket is closed in good order. */
	private void complete() {
		if (!handshake.complete()) {
			return;
		}
		connection.inbox().end();
		connection.lifetime().closing();
		connection.outbound().flush();
		if (connection.outbound().isEmpty()) {
			shutdownOutput();
		}
		connection.callbacks().submitLast(() -> connection.closed(handshake.status()),
				connection.traits().nonBlocking().contains(CallbackKind.CLOSE));
		connection.reading().release();
	}

	/**
	 * Says FIN and, unless the peer has nothing more to say, goes on reading: closing a socket with unread bytes sends a reset
	 * that may destroy the close frame on its way (RFC 6455 section 7.1.1).
	 */
	private void shutdownOutput() {
		if (!handshake.endOutput()) {
			return;
		}
		if (handshake.heardOut()) {
			connection.transport().finish();
		}
		else {
			connection.transport().shutdownOutput();
		}
	}
}
