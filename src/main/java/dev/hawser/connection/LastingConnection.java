package dev.hawser.connection;

import dev.hawser.api.SendResult;
import dev.hawser.connection.Deadlines.Verdict;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.outbox.Unconfirmed;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;

/**
 * A connection that outlives its socket. When the socket is lost without a closing handshake, the connection stays for a while as it
 * is: it can be found, is in its groups, and takes messages. A client that comes back gets what it has not confirmed, and no callback
 * runs. Otherwise the connection ends when the time is over. A connection that is closed, by either side, ends at once.
 *
 * <pre>
 *  Subprotocol --messages--> Unconfirmed --numbered--> Outbox --> Line --> the latest Transport
 * </pre>
 */
final class LastingConnection extends LiveConnection implements LineOwner {
	private static final Farewell REPLACED = new Farewell(CloseReasons.REPLACED);
	private static final Logger LOG = LoggerFactory.getLogger(LastingConnection.class);

	final Line line;
	final Continuity continuity;
	final UnconfirmedSending sending;
	private final Unconfirmed unconfirmed;
	/** Whether the connection is established: before, it ends with its socket. Guarded by the lock, as all below. */
	private boolean established;
	/** How often the client has been away, and its time to come back has begun. */
	private int windows;
	/** Null while the connection is on its way to no other node. */
	@Nullable
	Move move;

	LastingConnection(OpeningHandshake opening, Line line, WebSocketHandler handler, Connections connections, Continuity continuity) {
		super(opening, line, handler, connections);
		this.line = line;
		this.continuity = continuity;
		this.unconfirmed = new Unconfirmed(outbox, continuity.bounds, hub().unconfirmed());
		this.sending = new UnconfirmedSending(this, unconfirmed);
	}

	// What happens to the line.

	@Override
	public ConnectionLock lock() {
		return lock;
	}

	@Override
	public void open() {
		super.open();
		lock.holding(() -> established = true);
	}

	/** The connection comes from another node with this. It takes messages, and sends nothing before {@link #openAgain}. */
	void arrive(Luggage luggage) {
		calls.silent(true);
		lock.lock();
		try {
			established = true;
			luggage.unpack(sending, unconfirmed);
			subprotocol().restore(this, luggage.ofSubprotocol());
		}
		finally {
			lock.unlock();
		}
	}

	/** As {@link #open}, for a connection that comes from another node: {@link Connections} has it. */
	void openAgain() {
		calls.silent(false);
		calls.tellOpened();
		deadlines.schedule();
		calls.start(inbound.traits, outbox);
		lock.lock();
		try {
			if (!line.isAway()) {
				sending.use(Unconfirmed::back);
			}
		}
		finally {
			lock.unlock();
		}
		if (connections.isTurningAway()) {
			closeAfterCallbacks(CloseReasons.SHUTDOWN);
		}
	}

	@Override
	public boolean outlivesSocket() {
		return established && isOpen();
	}

	@Override
	public boolean isAway() {
		return line.isAway();
	}

	/** Goes on with this socket, see {@link Line#replace}. */
	Transport.@Nullable Receiver comeBack(Transport fresh) {
		return line.replace(fresh);
	}

	@Override
	public void lost() {
		unconfirmed.away();
		hub().clientLeft();
		beginWindow();
		lock.afterwards(() -> hub().observer().lost(this));
		LOG.debug("{} lost its socket", getId());
	}

	/** The client has as long as the settings say, from now on. */
	void beginWindow() {
		int window = ++windows;
		deadlines.after(continuity.window.toMillis(), () -> windowIsOver(window));
	}

	private void windowIsOver(int window) {
		lock.lock();
		try {
			if (line.isAway() && window == windows && move == null) {
				ended(null);
			}
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public void discard() {
		outbox.flush();
	}

	@Override
	public void dismiss(Transport before) {
		REPLACED.say(before, hub(), connections.timers());
	}

	@Override
	public void replaced(Transport before) {
		hub().clientIsNoLongerAway();
		hub().moved(ClientAddress.of(before.remoteAddress()), ClientAddress.of(getRemoteAddress()));
		deadlines.received();
		deadlines.resumed();
		closing.ponged();
		if (move != null) {
			move.cancel();
		}
		sending.use(Unconfirmed::back);
		LOG.debug("{} has another socket", getId());
	}

	@Override
	public boolean isReady() {
		return inbound.isOn();
	}

	@Override
	public void startReadingOver() {
		inbound.startOver();
	}

	@Override
	public boolean isBeingRead() {
		return super.isBeingRead() && !line.isAway();
	}

	@Override
	public void due(Verdict verdict) {
		if (verdict == Verdict.PING && line.isAway()) {
			return;
		}
		if (verdict != Verdict.NO_PONG || !line.lose()) {
			super.due(verdict);
		}
	}

	/** For a client that may go on elsewhere: its socket is closed, and the connection stays until another node asks for it. */
	@Override
	public void closeAfterCallbacks(CloseStatus status) {
		if (!connections.elsewhere.getAsBoolean()) {
			super.closeAfterCallbacks(status);
			return;
		}
		AtomicBoolean parted = new AtomicBoolean();
		calls.runBehind(() -> part(status, parted));
		deadlines.afterCloseTimeout(() -> part(status, parted));
	}

	private void part(CloseStatus status, AtomicBoolean parted) {
		lock.lock();
		try {
			if (!parted.compareAndSet(false, true)) {
				return;
			}
			if (!outlivesSocket()) {
				SendResult _ = startClosing(status);
			}
			else if (!line.isAway()) {
				deadlines.afterCloseTimeout(line.part(OutgoingFrame.close(status).encoded())::close);
			}
		}
		finally {
			lock.unlock();
		}
	}

	// Sending

	@Override
	public SendResult sendNumbered(OutgoingFrame message) {
		return sending.send(message);
	}

	/** Sends a control frame, or a message of the subprotocol itself, which is not kept. */
	@Override
	public SendResult send(OutgoingFrame frame) {
		if (frame.opcode().isControl()) {
			return super.send(frame);
		}
		if (!frame.fin() || frame.opcode() == Opcode.CONTINUATION) {
			throw new IllegalArgumentException("A client that can come back takes whole messages only, and no fragments.");
		}
		return sending.sendOnce(frame);
	}

	/** What waits goes out before the close frame, unless the client is closed because it takes nothing. */
	@Override
	public @Nullable OutgoingFrame farewell(CloseStatus status) {
		if (status != CloseReasons.UNCONFIRMED) {
			sending.use(Unconfirmed::sendAll);
		}
		return super.farewell(status);
	}

	/** A close frame for a client that is away is its end. */
	@Override
	public void sent(Opcode opcode, int payload, @Nullable Object content) {
		super.sent(opcode, payload, content);
		if (opcode == Opcode.CLOSE && line.isAway()) {
			ended(null);
		}
	}

	@Override
	public void confirm(long number) {
		lock.lock();
		try {
			sending.use(all -> all.confirm(number));
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public void written() {
		lock.lock();
		try {
			super.written();
			sending.use(Unconfirmed::pump);
		}
		finally {
			lock.unlock();
		}
	}

	/** Bytes of the messages that the client has not confirmed. */
	long unconfirmedBytes() {
		return lock.holding(unconfirmed::bytes);
	}

	@Override
	public void complete(CloseStatus status) {
		if (line.isAway()) {
			hub().clientIsNoLongerAway();
		}
		unconfirmed.end();
		super.complete(status);
	}
}
