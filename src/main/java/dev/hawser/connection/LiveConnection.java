package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.SendResult;
import dev.hawser.connection.CloseHandshake.Phase;
import dev.hawser.connection.execution.CallbackSequence;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.connection.outbox.Outbox;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.protocol.MessageReader;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Owns the parts of a connection. The parts do not know the connection; each reports its events through an interface:
 *
 * <pre>
 *  Transport --bytes--> Inbound --events--> CallbackSequence --> HandlerCalls --> the application
 *      ^                                                                             |
 *      +------------------------ Outbox <----------------- send ---------------------+
 *
 *  Closing: how it ends        DeadlineTimer: what is due
 * </pre>
 *
 * One lock guards the state of all of them. It is not held while the application, an observer or the registry is called.
 */
sealed class LiveConnection extends WebSocketConnection
		implements
			Transport.Receiver,
			InboundEvents,
			MemoryBudget.Holder,
			Outbox.Owner,
			CallbackSequence.Owner,
			HandlerCalls.Outcome,
			Closing.End,
			DeadlineTimer.Owner
		permits LastingConnection {
	private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);

	final Connections connections;
	final Outbox outbox;
	final HandlerCalls calls;
	final Inbound inbound;
	final Closing closing;
	final DeadlineTimer deadlines;

	LiveConnection(OpeningHandshake opening, Transport transport, WebSocketHandler handler, Connections connections) {
		super(opening, transport, connections.node());
		this.connections = connections;
		HandlerTraits traits = HandlerTraits.of(handler);
		MemoryBudget.Account memory = hub().memory().open(this);
		this.outbox = new Outbox(lock, transport, hub().sendLimits(), opening.deflate(), memory, this);
		this.deadlines = new DeadlineTimer(connections.timers(), opening, transport, this);
		this.closing = new Closing(lock, outbox, transport, deadlines, this);
		CallbackSequence<LiveConnection> callbacks = new CallbackSequence<>(lock, connections.threads(), this);
		this.calls = new HandlerCalls(this, handler, traits, callbacks, closing, this);
		this.inbound = new Inbound(lock, opening, traits, outbox, callbacks, closing, deadlines, memory, this);
	}

	@Override
	public @Nullable String tokenId() {
		return deadlines.tokenId();
	}

	@Override
	public void renew(Ticket fresh) {
		deadlines.renew(fresh);
	}

	@Override
	public SendResult send(String text) {
		return subprotocol() == Subprotocol.RAW ? outbox.send(text) : push(OutgoingFrame.text(text), Subprotocol.Envelope.TEXT);
	}

	@Override
	public SendResult send(byte[] data) {
		return subprotocol() == Subprotocol.RAW ? outbox.send(data)
				: push(new OutgoingFrame(Opcode.BINARY, true, data), Subprotocol.Envelope.BINARY);
	}

	@Override
	public SendResult send(OutgoingFrame frame) {
		if (frame.opcode() == Opcode.PING) {
			closing.pinged();
		}
		return outbox.send(frame);
	}

	@Override
	public void sent(Opcode opcode, int payload, @Nullable Object content) {
		deadlines.sent(opcode);
		hub().observer().sent(this, opcode, payload, content);
	}

	@Override
	public void refused(SendResult result) {
		hub().observer().refused(this, result);
		boolean mustClose = hub().settings().slowConsumer() == SlowConsumerPolicy.CLOSE || outbox.isBroken();
		if (result instanceof SendResult.Overflowed && mustClose) {
			closing.fail(CloseReasons.SLOW_CONSUMER);
		}
	}

	@Override
	public void dropped(int messages) {
		hub().observer().dropped(this, messages);
	}

	@Override
	public void broken(IOException cause) {
		ended(cause);
	}

	@Override
	public @Nullable OutgoingFrame farewell(CloseStatus status) {
		return subprotocol().farewell(this, status);
	}

	@Override
	Opcode nextFragment(Opcode first) {
		return outbox.nextFragment(first);
	}

	@Override
	public void open() {
		subprotocol().opened(this);
		connections.add(this);
		calls.tellOpened();
		deadlines.schedule();
		calls.start(inbound.traits, outbox);
	}

	@Override
	public boolean received(ByteBuffer in) {
		if (isClosed()) {
			in.position(in.limit());
			return true;
		}
		try {
			return inbound.received(in);
		}
		catch (RuntimeException | Error e) {
			LOG.error("{} is closed, since reading it failed", getId(), e);
			closing.fail(CloseReasons.CALLBACK_FAILED);
			return true;
		}
	}

	@Override
	public void arrived(Opcode opcode, int payload, @Nullable WebSocketMessage<?> message) {
		hub().observer().received(this, opcode, payload, message);
	}

	/** Delivers the message, unless the connection is being closed. */
	@Override
	public void deliver(WebSocketMessage<?> message) {
		if (isOpen()) {
			subprotocol().received(this, message, calls);
		}
	}

	@Override
	public void overRate() {
		hub().observer().overRate(this);
	}

	@Override
	public void resume() {
		transport.resume();
	}

	@Override
	public void busy() {
		outbox.cork();
		connections.gathering().begin(outbox);
	}

	@Override
	public boolean idle() {
		outbox.uncork();
		connections.gathering().end(outbox);
		return inbound.callbacksAreOver();
	}

	@Override
	public boolean isBeingRead() {
		return inbound.isOn();
	}

	@Override
	public void due(Deadlines.Verdict verdict) {
		switch (verdict) {
			case QUIET -> {
			}
			case PING -> send(new OutgoingFrame(Opcode.PING, true, new byte[0]));
			case NO_PONG -> closing.fail(CloseReasons.NO_PONG);
			case IDLE -> close(CloseReasons.IDLE);
			case EXPIRED -> close(CloseReasons.TOKEN_EXPIRED);
			case CLOSE_OVERDUE -> ended(null);
		}
	}

	@Override
	Phase phase() {
		return closing.phase();
	}

	@Override
	public CloseInitiator closeInitiator() {
		return closing.initiator();
	}

	@Override
	public SendResult startClosing(CloseStatus status) {
		return closing.start(status);
	}

	@Override
	public void closeAfterCallbacks(CloseStatus status) {
		closing.startBehind(calls, status);
	}

	@Override
	public boolean hangUp() {
		return closing.hangUp();
	}

	@Override
	public boolean reset() {
		return closing.reset();
	}

	@Override
	public void written() {
		closing.written();
	}

	@Override
	public void ended(@Nullable Throwable cause) {
		if (cause != null) {
			LOG.debug("{} socket failed: {}", getId(), cause.toString());
		}
		closing.ended();
	}

	@Override
	public void letGo() {
		closing.giveUp(inbound.unfinished() > Pace.SHORT_MESSAGE ? CloseReasons.NO_MEMORY_FOR_MESSAGE : CloseReasons.NO_MEMORY);
	}

	@Override
	public void complete(CloseStatus status) {
		calls.end(inbound.traits, status);
		inbound.end();
	}

	@Override
	public void over(CloseStatus status) {
		assert !lock.isHeldByCurrentThread();
		try {
			hub().observer().closed(this, status, closing.initiator());
			subprotocol().closed(this, status);
		}
		finally {
			connections.remove(this);
			LOG.debug("{} closed with {} by {}", getId(), status.getCode(), closing.initiator());
		}
	}

	@Override
	MessageReader reader() {
		return inbound.reader();
	}

	@Override
	public ConnectionSnapshot snapshot() {
		return new ConnectionSnapshot(fd(), hub().name(), getId(), connections.node(), getRemoteAddress(), deadlines.begunAt(),
				deadlines.lastReceivedAt(), deadlines.lastSentAt(), traffic(), queuedBytes(), getPrincipal(), userId(),
				getAcceptedProtocol(), groups(), roles());
	}

	/** Bytes that wait for the socket. */
	long queuedBytes() {
		return outbox.queuedBytes();
	}

	ConnectionSnapshot.Traffic traffic() {
		return lock.holding(() -> new ConnectionSnapshot.Traffic(inbound.messages(), inbound.bytes(), outbox.messages(), outbox.bytes()));
	}
}
