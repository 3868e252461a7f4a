package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.SendResult;
import dev.hawser.connection.CloseHandshake.Phase;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.execution.CallbackSequence;
import dev.hawser.connection.execution.Deferred;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.outbox.Outbox;
import dev.hawser.connection.outbox.SlowConsumerPolicy;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * One established WebSocket. Any thread may send, ping and close; nothing here blocks on the network.
 *
 * <p>The transport feeds it ({@link #open}, {@link #received}, {@link #written}, {@link #ended}); the handler is called by
 * its {@link CallbackSequence}: opened, messages in the order of the wire, closed exactly once and last.
 */
public final class WebSocketConnection extends SpringSession {
	private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

	private final ReentrantLock lock = new ReentrantLock();
	private final Transport transport;
	private final HandlerCalls calls;
	private final HandlerTraits traits;
	private final Connections connections;
	private final Inbox inbox;
	private final Outbox outbound;
	private final Closing closing;
	private final CallbackSequence callbacks;
	private final Reading reading;
	private final DeadlineTimer lifetime;
	private volatile @Nullable String userId;
	private boolean bound;

	WebSocketConnection(OpeningHandshake opening, Transport transport, WebSocketHandler handler, Connections connections) {
		super(opening);
		this.transport = transport;
		this.traits = HandlerTraits.of(handler);
		this.connections = connections;
		this.inbox = new Inbox(this, hub().settings(), opening.deflate());
		this.closing = new Closing(this, lock);
		this.outbound = new Outbox(lock, transport, hub().settings(), opening.deflate(), this::ended);
		this.reading = new Reading(this);
		this.callbacks = new CallbackSequence(lock, connections.threads(), reading);
		this.calls = new HandlerCalls(this, handler);
		this.lifetime = new DeadlineTimer(this, opening.ticket());
		this.userId = opening.principal() == null ? null : opening.principal().getName();
	}

	/** Its name in the whole cluster, which contains the node's. */
	@Override
	public String getId() {
		return connections.node() + "-" + fd();
	}

	/** The user it belongs to: the principal's name, or what {@link Connections#bind} gave; null for neither. */
	public @Nullable String userId() {
		return userId;
	}

	/** The name ({@code jti}) of the token that counts for it; null for none. */
	public @Nullable String tokenId() {
		return lifetime.tokenId();
	}

	/** A fresh token was presented: from now on its ticket counts. */
	public void renew(Ticket fresh) {
		lifetime.renew(fresh);
	}

	@Nullable
	ClientAddress clientAddress() {
		return ClientAddress.of(transport.remoteAddress());
	}

	/** Whether it can carry messages: no close frame has been sent or received. */
	@Override
	public boolean isOpen() {
		return closing.phase() == Phase.OPEN;
	}

	/** Whether it is over: the closing handshake is complete or the socket gone. */
	public boolean isClosed() {
		return closing.phase() == Phase.COMPLETE;
	}

	/** Who ended it; of meaning once it {@link #isClosed}. */
	public CloseInitiator closeInitiator() {
		return closing.initiator();
	}

	/** Sends a whole text message, as {@link #send(OutgoingFrame)} does; in the ordinary case nothing is made of it on its way. */
	public SendResult send(String text) {
		int length;
		SendResult result;
		lock.lock();
		try {
			length = isOpen() ? outbound.sendText(text) : -1;
			result = outbound.accepted();
		}
		finally {
			lock.unlock();
		}
		if (length < 0) {
			return send(OutgoingFrame.text(text));
		}
		sent(Opcode.TEXT, length);
		return result;
	}

	/** Sends a whole binary message; as for text, in the ordinary case nothing is made of it on its way. */
	public SendResult send(byte[] data) {
		int length;
		SendResult result;
		lock.lock();
		try {
			length = isOpen() ? outbound.sendBinary(data) : -1;
			result = outbound.accepted();
		}
		finally {
			lock.unlock();
		}
		if (length < 0) {
			return send(new OutgoingFrame(Opcode.BINARY, true, data));
		}
		sent(Opcode.BINARY, length);
		return result;
	}

	private void sent(Opcode opcode, int length) {
		lifetime.sent(!opcode.isControl());
		observer().sent(opcode, length);
	}

	/**
	 * Sends a text, binary, continuation, ping or pong frame. Whole messages sent while a fragmented one is under way wait
	 * for its end.
	 *
	 * @throws IllegalArgumentException for a close frame ({@link #close} sends those) and for a continuation of nothing
	 * @throws IllegalStateException    for the first fragment of a message while another is under way
	 */
	@Override
	public SendResult send(OutgoingFrame frame) {
		if (frame.opcode() == Opcode.CLOSE) {
			throw new IllegalArgumentException("A close frame is sent by close(status), which also ends the connection.");
		}
		SendResult result = offer(frame);
		if (result.accepted()) {
			sent(frame.opcode(), frame.length());
		}
		else if (result instanceof SendResult.Overflowed || result instanceof SendResult.TooLarge) {
			observer().refused(result);
			if (result instanceof SendResult.Overflowed && mustCloseSlowConsumer()) {
				closing.fail(CloseReasons.SLOW_CONSUMER);
			}
		}
		return result;
	}

	private boolean mustCloseSlowConsumer() {
		return hub().settings().slowConsumer() == SlowConsumerPolicy.CLOSE || outbound.isBroken();
	}

	/** Asks and sends under one lock: nothing may follow a close frame (RFC 6455 section 5.5.1). */
	private SendResult offer(OutgoingFrame frame) {
		lock.lock();
		try {
			return switch (closing.phase()) {
				case OPEN -> {
					if (frame.opcode() == Opcode.PING) {
						closing.pinged();
					}
					yield outbound.send(frame);
				}
				case CLOSE_SENT -> SendResult.NOT_ESTABLISHED;
				case COMPLETE -> SendResult.NOT_FOUND;
			};
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Starts the closing handshake (RFC 6455 section 7.1.2): sends a close frame behind what waits, delivers no message
	 * any more, and hangs up when the peer has answered or the close timeout is over.
	 *
	 * @throws IllegalArgumentException for a code that must not be sent, or a reason over 123 bytes of UTF-8
	 */
	@Override
	public void close(CloseStatus status) {
		startClosing(status);
	}

	/** As {@link #close(CloseStatus)}, and says whether it was the first to close. */
	public SendResult startClosing(CloseStatus status) {
		return closing.start(status);
	}

	/** Hangs up without a close frame: the peer sees 1006. What waits is still sent. False when it was closed already. */
	public boolean hangUp() {
		return closing.hangUp();
	}

	/** As {@link #hangUp}, with a TCP reset: what waits is lost. False when it was closed already. */
	public boolean reset() {
		return closing.reset();
	}

	/** The connection as it is now. */
	public ConnectionSnapshot snapshot() {
		lock.lock();
		try {
			return new ConnectionSnapshot(fd(), hub().name(), getId(), transport.remoteAddress(), lifetime.begunAt(),
					lifetime.lastReceivedAt(), lifetime.lastSentAt(), traffic(), outbound.queuedBytes(), getPrincipal(), userId);
		}
		finally {
			lock.unlock();
		}
	}

	/** Bytes that wait for the socket. */
	long queuedBytes() {
		lock.lock();
		try {
			return outbound.queuedBytes();
		}
		finally {
			lock.unlock();
		}
	}

	ConnectionSnapshot.Traffic traffic() {
		lock.lock();
		try {
			return new ConnectionSnapshot.Traffic(inbox.messages(), inbox.bytes(), outbound.messages(), outbound.bytes());
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Runs the task after the callback that the calling thread is in, before the next one of that connection, or, when a handshake
	 * is being decided on, once its connection is open; false when the thread is in no callback.
	 */
	public static boolean defer(Runnable task) {
		if (Deferred.add(task)) {
			return true;
		}
		CallbackSequence current = CallbackSequence.current();
		if (current == null) {
			return false;
		}
		current.defer(task);
		return true;
	}

	/** The connection whose callback the calling thread is in, or null. */
	static @Nullable WebSocketConnection calling() {
		CallbackSequence current = CallbackSequence.current();
		return current != null && current.pause() instanceof Reading reading ? reading.connection() : null;
	}

	/** Whether it is one of these. */
	boolean isOneOf(Connections all) {
		return connections == all;
	}

	// What the transport calls.

	/** The 101 is on the wire: starts the deadlines and opens the handler. Called once, before {@link #received}. */
	public void open() {
		connections.add(this);
		observer().opened();
		LOG.debug("{} open", getId());
		lifetime.schedule();
		Runnable event = calls::opened;
		if (traits.nonBlocking().contains(CallbackKind.OPEN)) {
			callbacks.start(() -> corked(event), true);
		}
		else {
			callbacks.start(event, false);
		}
	}

	/**
	 * Takes all that one read brought. Called by one thread at a time.
	 *
	 * @return whether to go on reading; if not, {@link Transport#resume} will say when
	 */
	public boolean received(ByteBuffer in) {
		if (isClosed()) {
			in.position(in.limit());
			return true;
		}
		long messagesBefore = inbox.messages();
		boolean goOn = reading.received(in);
		lifetime.received(inbox.messages() > messagesBefore);
		return goOn;
	}

	/** The transport has written what {@link Transport#write} gave it. */
	public void written() {
		lock.lock();
		try {
			if (outbound.written()) {
				closing.written();
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** The socket is at its end: closed by the peer (null), or broken. */
	public void ended(@Nullable Throwable cause) {
		closing.ended(cause);
	}

	// What its own parts call.

	HandlerTraits traits() {
		return traits;
	}

	Outbox outbound() {
		return outbound;
	}

	CallbackSequence callbacks() {
		return callbacks;
	}

	Reading reading() {
		return reading;
	}

	DeadlineTimer lifetime() {
		return lifetime;
	}

	Closing closing() {
		return closing;
	}

	TimerWheel timers() {
		return connections.timers();
	}

	/** Whether the socket is read: what the peer sends may otherwise be unread, and its silence is not its own. */
	boolean isBeingRead() {
		return reading.isOn();
	}

	/** Whether replies wait for more, so that the wheel's thread must send them now and then. */
	void gathers(boolean begins) {
		if (begins) {
			connections.gathering(this);
		}
		else {
			connections.gathered(this);
		}
	}

	/** The socket is read again. Called under the lock. */
	void goOnReading() {
		lifetime.resumed();
		transport.resume();
	}

	/** Does it under the lock, unless the connection is over. Returns whether it was done. */
	boolean whileOpen(Runnable task) {
		lock.lock();
		try {
			if (isClosed()) {
				return false;
			}
			task.run();
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	/** Does it under the lock, later, on the wheel's thread. */
	void after(long millis, Runnable task) {
		connections.timers().schedule(new TimerWheel.Entry() {
			@Override
			long expire(long now) {
				lock.lock();
				try {
					task.run();
				}
				finally {
					lock.unlock();
				}
				return -1;
			}
		}, connections.timers().now() + millis);
	}

	ConnectionObserver observer() {
		return hub().observer();
	}

	@Override
	Transport transport() {
		return transport;
	}

	@Override
	Inbox inbox() {
		return inbox;
	}

	@Override
	Opcode nextFragment(Opcode first) {
		return outbound.nextFragment(first);
	}

	/** Hands a message to the handler, unless the connection is being closed: after that nothing is delivered. */
	void deliver(WebSocketMessage<?> message) {
		if (isOpen()) {
			calls.message(message);
		}
	}

	/** Binds once; guarded so that two threads cannot both succeed. */
	boolean bindUser(String user) {
		lock.lock();
		try {
			if (bound) {
				return false;
			}
			bound = true;
			userId = user;
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	/** Sends what gathering holds back; the wheel's thread asks at every tick. */
	void flushGathered() {
		outbound.flush();
	}

	/** Calls the handler for the last time: the connection is over. */
	void closed(CloseStatus status) {
		calls.closed(status);
		try {
			observer().closed(status, closing.initiator());
		}
		finally {
			connections.remove(this);
		}
		LOG.debug("{} closed with {} by {}", getId(), status.getCode(), closing.initiator());
	}

	private void corked(Runnable work) {
		outbound.cork();
		try {
			work.run();
		}
		finally {
			outbound.uncork();
		}
	}
}
