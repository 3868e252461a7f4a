package dev.hawser.connection;

import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.execution.CallbackSequence;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.connection.execution.Leader;
import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.connection.limit.Rate;
import dev.hawser.connection.outbox.Outbox;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The receiving side of one connection: turns the bytes of a read into events. They run at once if the handler does not block, or
 * seldom; otherwise through the callback sequence. The socket is not read while callbacks run that may block, nor while the client
 * exceeds its hub's rate. Replies to messages that came together are sent together. Used by the reading thread only, except for methods
 * that take or assert the lock.
 */
final class Inbound extends ChargedReader implements Leader.Calls {
	private final ConnectionLock lock;
	final HandlerTraits traits;
	private final Outbox outbox;
	private final CallbackSequence<?> callbacks;
	private final Closing closing;
	private final DeadlineTimer deadlines;
	private final InboundEvents owner;
	/** The events of the read that is under way; null while they run at once. */
	private @Nullable WaitingEvents events;
	/** Null when there is no limit. */
	private @Nullable Rate rate;
	/** What is charged for the events that pause the reading. Guarded by the lock. */
	private long waiting;
	/** Whether the client must wait; written under the lock. */
	private volatile boolean resting;

	/** @param account charged for what waits */
	Inbound(ConnectionLock lock, OpeningHandshake opening, HandlerTraits traits, Outbox outbox, CallbackSequence<?> callbacks,
			Closing closing, DeadlineTimer deadlines, MemoryBudget.Account account, InboundEvents owner) {
		super(opening, account);
		this.lock = lock;
		this.traits = traits;
		this.outbox = outbox;
		this.callbacks = callbacks;
		this.closing = closing;
		this.deadlines = deadlines;
		this.owner = owner;
	}

	/** Takes all bytes of one read. Returns whether to read on; if not, {@link InboundEvents#resume} is called later. */
	boolean received(ByteBuffer in) {
		long before = messages();
		int size = in.remaining();
		boolean ran = runsHere(in);
		WaitingEvents collected = ran ? null : collect(in);
		long count = messages() - before;
		if (count > 0) {
			if (!neverBlocks()) {
				record().calls(count);
			}
			deadlines.receivedMessage();
		}
		else {
			deadlines.received();
		}
		long millis = Math.max(penalty(count, size), Pace.waitAfter(unfinished(), account()));
		boolean rest = millis > 0 && rest(millis);
		if (collected == null || collected.isEmpty()) {
			return !rest;
		}
		submit(collected);
		return false;
	}

	/** Takes the bytes and calls the callbacks on this thread, if these never block, or if another thread can take this one's place. */
	private boolean runsHere(ByteBuffer in) {
		return neverBlocks() ? callbacks.runHere(() -> runCorked(in))
				: hub().callsOnSelectors() && Leader.runHere(callbacks, this, () -> runCorked(in));
	}

	private boolean neverBlocks() {
		return traits.nonBlocking().contains(CallbackKind.MESSAGE);
	}

	/** From now on no reply, and no message of another thread, waits for the end of the callbacks. */
	@Override
	public void leftBehind() {
		outbox.uncork();
	}

	private void runCorked(ByteBuffer in) {
		outbox.cork();
		try {
			read(in);
		}
		finally {
			outbox.uncork();
		}
	}

	/** Returns the events that these bytes make, in order. */
	private WaitingEvents collect(ByteBuffer in) {
		WaitingEvents collected = new WaitingEvents(account());
		events = collected;
		boolean whole = false;
		try {
			runCorked(in);
			whole = true;
		}
		finally {
			events = null;
			if (!whole || isEnded()) {
				collected.drop(); // they would not be delivered
			}
		}
		return collected;
	}

	/** Back-pressure: nothing more is read until these have run. */
	private void submit(WaitingEvents collected) {
		long cost = collected.charge();
		if (cost > 0) {
			lock.lock();
			try {
				waiting += cost;
			}
			finally {
				lock.unlock();
			}
		}
		callbacks.submitAndPause(collected.all());
	}

	@Override
	void broken(ProtocolException rule) {
		then(() -> closing.fail(rule.closeStatus()));
	}

	// What the bytes mean.

	@Override
	public void text(String text, int size) {
		message(Opcode.TEXT, new TextMessage(text), size, WaitingEvents.bytes(text, size));
	}

	@Override
	public void binary(byte[] data) {
		message(Opcode.BINARY, traits.takesArrays() ? new HandlerTraits.ArrayMessage(data) : new BinaryMessage(ByteBuffer.wrap(data), true),
				data.length, data.length);
	}

	private void message(Opcode opcode, WebSocketMessage<?> message, int size, long memory) {
		countMessage();
		owner.arrived(opcode, size, message);
		if (events == null) {
			owner.deliver(message);
		}
		else if (!isEnded()) {
			events.add(() -> owner.deliver(message), memory);
		}
	}

	@Override
	public void ping(byte[] data) {
		owner.arrived(Opcode.PING, data.length, null);
		if (traits.controlFrames().contains(Opcode.PING)) {
			then(() -> owner.deliver(new PingMessage(ByteBuffer.wrap(data))));
		}
		else {
			// RFC 6455 section 5.5.3: the pong carries "identical Application data"
			outbox.send(new OutgoingFrame(Opcode.PONG, true, data));
		}
	}

	@Override
	public void pong(byte[] data) {
		closing.ponged();
		owner.arrived(Opcode.PONG, data.length, null);
		if (traits.controlFrames().contains(Opcode.PONG)) {
			then(() -> owner.deliver(new PongMessage(ByteBuffer.wrap(data))));
		}
	}

	@Override
	public void close(CloseStatus status) {
		owner.arrived(Opcode.CLOSE, 0, null);
		if (traits.controlFrames().contains(Opcode.CLOSE)) {
			then(() -> owner.deliver(new HandlerTraits.CloseMessage(status)));
		}
		then(() -> closing.peerClosed(status));
	}

	/** Adds an event after the earlier ones. */
	private void then(Runnable event) {
		if (events == null) {
			event.run();
		}
		else {
			events.add(event, 0);
		}
	}

	// When the socket is read.

	/** The milliseconds after which the client is within its rate again; 0 when it has not exceeded it, or is closed for that. */
	private long penalty(long count, int size) {
		LimitSettings limits = hub().settings().limits();
		if (!limits.limitsTraffic()) {
			return 0;
		}
		if (rate == null || !rate.isOf(limits)) {
			rate = new Rate(limits, deadlines.stoodStill());
		}
		long wait = rate.take(count, size, deadlines.stoodStill());
		if (wait == 0) {
			return 0;
		}
		owner.overRate();
		return switch (limits.overRate()) {
			case CLOSE -> {
				closing.fail(CloseReasons.OVER_RATE);
				yield 0;
			}
			case DELAY -> TimeUnit.NANOSECONDS.toMillis(wait) + 1;
		};
	}

	/** Stops reading for this time. False when the connection has ended. */
	private boolean rest(long millis) {
		lock.lock();
		try {
			if (!isEnded()) {
				resting = true;
				deadlines.after(millis, this::endRest);
			}
			return !isEnded();
		}
		finally {
			lock.unlock();
		}
	}

	/** The client has waited long enough. */
	private void endRest() {
		lock.lock();
		try {
			if (resting && !callbacks.readingPaused()) {
				deadlines.resumed();
				lock.afterwards(owner::resume);
			}
			resting = false;
		}
		finally {
			lock.unlock();
		}
	}

	/** Whether the socket is being read. If not, the peer may have sent bytes that are unread, and seems silent. */
	boolean isOn() {
		return !callbacks.readingPaused() && !resting;
	}

	/** The callbacks no longer delay the reading. Returns whether to read on. */
	boolean callbacksAreOver() {
		assert lock.isHeldByCurrentThread();
		if (waiting > 0) {
			account().add(-waiting);
			waiting = 0;
		}
		if (resting) {
			callbacks.endPause();
			return false;
		}
		deadlines.resumed();
		return callbacks.endPause();
	}

	/** The connection has ended: nothing is delivered any more, so the reading need not pause. */
	void end() {
		assert lock.isHeldByCurrentThread();
		if (!isOn()) {
			lock.afterwards(owner::resume);
		}
		resting = false;
		callbacks.endPause();
		endReading();
	}
}
