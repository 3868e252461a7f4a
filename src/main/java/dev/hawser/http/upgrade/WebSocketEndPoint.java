package dev.hawser.http.upgrade;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The socket of one WebSocket, in cleartext and over HTTP/1.1. It takes the place of the handshake's endpoint, which consists of thirteen
 * objects, since it may get other connections, other callbacks and idle timeouts. This one is a single object: an idle WebSocket takes a
 * sixth less memory.
 *
 * <p>The selector's thread alone changes what the selector watches, in {@link #updateKey}. Any other thread notes what has changed and
 * submits this object to the selector. Any thread may call the methods of {@code EndPoint}.
 *
 * <p>Relies on what Jetty 12.1 does inside: a selector calls {@code onSelected} of whatever is attached to the key of a ready socket, runs
 * what it returns, and calls {@code updateKey} before it selects again. {@code WebSocketEndPointTests} holds that.
 */
final class WebSocketEndPoint extends SocketWriting implements ManagedSelector.Selectable, ManagedSelector.SelectorUpdate, Invocable.Task {
	private static final AtomicIntegerFieldUpdater<WebSocketEndPoint> READING = AtomicIntegerFieldUpdater
			.newUpdater(WebSocketEndPoint.class, "reading");
	private static final AtomicIntegerFieldUpdater<WebSocketEndPoint> CLOSED = AtomicIntegerFieldUpdater
			.newUpdater(WebSocketEndPoint.class, "closed");

	/** Value of {@link #reading}: the WebSocket has not asked for bytes. */
	private static final int NOT_ASKED = 0;
	/** The selector is to tell when there are bytes. */
	private static final int WATCHED = 1;
	/** There are bytes, which the WebSocket is going to be told. */
	private static final int READABLE = 2;

	private final PushbackEndPoint.Sockets sockets;
	/** Replaced by the selector's thread only. */
	private SelectionKey key;
	private volatile int reading = NOT_ASKED;
	/** 1 when it is closed. */
	private volatile int closed;
	/** Whether the selector's thread is going to call {@link #updateKey}. */
	private volatile boolean inRound;
	private volatile boolean inputEnded;
	private volatile boolean outputEnded;

	WebSocketEndPoint(PushbackEndPoint.Sockets sockets, SelectionKey key, JettyTransport webSocket) {
		super(webSocket);
		this.sockets = sockets;
		this.key = key;
	}

	@Override
	public SocketChannel getTransport() {
		return (SocketChannel) key.channel();
	}

	// What the selector calls, on its thread.

	@Override
	public Runnable onSelected() {
		inRound = true;
		if ((key.readyOps() & SelectionKey.OP_READ) != 0) {
			READING.compareAndSet(this, WATCHED, READABLE);
		}
		return this;
	}

	@Override
	public void run() {
		writeRest();
		if (READING.compareAndSet(this, READABLE, NOT_ASKED)) {
			getConnection().succeeded();
		}
	}

	/** Only the WebSocket may hold up the thread that reads, see {@link JettyTransport#getInvocationType}. */
	@Override
	public InvocationType getInvocationType() {
		return reading == READABLE ? getConnection().getInvocationType() : InvocationType.NON_BLOCKING;
	}

	@Override
	public void updateKey() {
		inRound = false; // before the questions: what another thread changes from now on, it submits
		int wanted = (reading == WATCHED ? SelectionKey.OP_READ : 0) | (waitsForRoom() ? SelectionKey.OP_WRITE : 0);
		try {
			if (isOpen() && key.interestOps() != wanted) {
				key.interestOps(wanted);
			}
		}
		catch (CancelledKeyException e) {
			close(e);
		}
	}

	@Override
	public void update(Selector selects) {
		updateKey();
	}

	@Override
	public void replaceKey(SelectionKey fresh) {
		key = fresh;
	}

	@Override
	void changed() {
		if (!inRound) {
			sockets.submit(this);
		}
	}

	// Reading

	@Override
	public int fill(ByteBuffer buffer) {
		if (inputEnded) {
			return -1;
		}
		int position = BufferUtil.flipToFill(buffer);
		int count = -1;
		try {
			count = getTransport().read(buffer);
		}
		catch (IOException e) {
			// as the end: the client has reset the connection, or this side has closed it
		}
		finally {
			BufferUtil.flipToFlush(buffer, position);
		}
		if (count < 0) {
			inputEnded = true;
			closeIfBothEnded();
		}
		return count;
	}

	/** @param callback the WebSocket */
	@Override
	public boolean tryFillInterested(Callback callback) {
		if (!READING.compareAndSet(this, NOT_ASKED, WATCHED)) {
			return false;
		}
		changed();
		if (!isOpen()) { // perhaps the one that has closed it has not seen this question
			failReading(new ClosedChannelException());
		}
		return true;
	}

	@Override
	public boolean isFillInterested() {
		return reading != NOT_ASKED;
	}

	private void failReading(Throwable cause) {
		if (READING.getAndSet(this, NOT_ASKED) != NOT_ASKED) {
			getConnection().failed(cause);
		}
	}

	// The end

	@Override
	public void shutdownOutput() {
		if (outputEnded || !isOpen()) {
			return;
		}
		try {
			getTransport().shutdownOutput();
		}
		catch (IOException e) {
			// the socket is gone already, which the next read will notice
		}
		outputEnded = true;
		closeIfBothEnded();
	}

	private void closeIfBothEnded() {
		if (inputEnded && outputEnded) {
			close();
		}
	}

	@Override
	public void close(@Nullable Throwable cause) {
		if (!CLOSED.compareAndSet(this, 0, 1)) {
			return;
		}
		try {
			getTransport().close();
		}
		catch (IOException e) {
			// there is nothing left to close
		}
		if (waitsForRoom() || isFillInterested()) { // mostly not: then an exception would be made for nothing
			Throwable told = Objects.requireNonNullElseGet(cause, ClosedChannelException::new);
			failWriting(told);
			failReading(told);
		}
		sockets.submit(_ -> closed(cause)); // the selector then also forgets the socket, so that the kernel closes it
	}

	private void closed(@Nullable Throwable cause) {
		try {
			getConnection().onClose(cause);
		}
		finally {
			sockets.closed(this);
		}
	}

	@Override
	public boolean isOpen() {
		return closed == 0 && getTransport().isOpen();
	}

	@Override
	public boolean isInputShutdown() {
		return inputEnded || !isOpen();
	}

	@Override
	public boolean isOutputShutdown() {
		return outputEnded || !isOpen();
	}
}
