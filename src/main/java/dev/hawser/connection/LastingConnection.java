package dev.hawser.connection;

import dev.hawser.api.SendResult;
import dev.hawser.connection.Deadlines.Verdict;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.outbox.Unconfirmed;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
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
	private static final Logger LOG = LoggerFactory.getLogger(LastingConnection.class);

	private final Line line;
	private final Continuity continuity;
	private final Unconfirmed unconfirmed;
	/** Whether the connection is established: before, it ends with its socket. Guarded by the lock, as all below. */
	private boolean established;
	/** How often the client has been away. */
	private int absences;

	LastingConnection(OpeningHandshake opening, Line line, WebSocketHandler handler, Connections connections, Continuity continuity) {
		super(opening, line, handler, connections);
		this.line = line;
		this.continuity = continuity;
		this.unconfirmed = new Unconfirmed(outbox, continuity.bounds, hub().unconfirmed());
	}

	// What happens to the line.

	@Override
	public ConnectionLock lock() {
		return lock;
	}

	@Override
	public void open() {
		super.open();
		lock.lock();
		try {
			established = true;
		}
		finally {
			lock.unlock();
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
		int absence = ++absences;
		deadlines.after(continuity.window.toMillis(), () -> windowIsOver(absence));
		lock.afterwards(() -> hub().observer().lost(this));
		LOG.debug("{} lost its socket", getId());
	}

	private void windowIsOver(int absence) {
		lock.lock();
		try {
			if (line.isAway() && absence == absences) {
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
	public void replaced(Transport before) {
		hub().clientIsNoLongerAway();
		hub().moved(ClientAddress.of(before.remoteAddress()), ClientAddress.of(getRemoteAddress()));
		deadlines.received();
		deadlines.resumed();
		closing.ponged();
		use(Unconfirmed::back);
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

	// Sending

	@Override
	public SendResult sendNumbered(OutgoingFrame message) {
		return offered(message, () -> unconfirmed.send(message));
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
		return offered(frame, () -> unconfirmed.sendOnce(frame));
	}

	/** A client for which there is no room would miss this frame, and never learn of it: its connection ends. */
	private SendResult offered(OutgoingFrame frame, Offer offer) {
		SendResult result = offer(offer);
		if (result == null) {
			closing.fail(CloseReasons.UNCONFIRMED);
			result = new SendResult.Overflowed(continuity.bounds.bytes());
		}
		return told(frame, result);
	}

	private interface Offer {
		@Nullable
		SendResult make() throws IOException;
	}

	private @Nullable SendResult offer(Offer offer) {
		lock.lock();
		try {
			return offer.make();
		}
		catch (IOException e) {
			broken(e);
			return SendResult.NOT_FOUND;
		}
		finally {
			tellDropped();
			lock.unlock();
		}
	}

	private SendResult told(OutgoingFrame frame, SendResult result) {
		if (result.accepted()) {
			sent(frame.opcode(), frame.length());
		}
		else if (result instanceof SendResult.Overflowed || result instanceof SendResult.TooLarge) {
			hub().observer().refused(this, result);
		}
		return result;
	}

	private void tellDropped() {
		int messages = unconfirmed.takeDropped();
		if (messages > 0) {
			lock.afterwards(() -> dropped(messages));
		}
	}

	/** What waits goes out before the close frame, unless the client is closed because it takes nothing. */
	@Override
	public @Nullable OutgoingFrame farewell(CloseStatus status) {
		if (status != CloseReasons.UNCONFIRMED) {
			use(Unconfirmed::sendAll);
		}
		return super.farewell(status);
	}

	/** A close frame for a client that is away is its end. */
	@Override
	public void sent(Opcode opcode, int payload) {
		super.sent(opcode, payload);
		if (opcode == Opcode.CLOSE && line.isAway()) {
			ended(null);
		}
	}

	@Override
	public void confirm(long number) {
		lock.lock();
		try {
			use(all -> all.confirm(number));
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
			use(Unconfirmed::pump);
		}
		finally {
			lock.unlock();
		}
	}

	private interface Use {
		void make(Unconfirmed all) throws IOException;
	}

	private void use(Use use) {
		try {
			use.make(unconfirmed);
		}
		catch (IOException e) {
			broken(e);
		}
		tellDropped();
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
