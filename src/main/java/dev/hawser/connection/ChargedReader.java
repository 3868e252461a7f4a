package dev.hawser.connection;

import dev.hawser.connection.execution.Leader;
import dev.hawser.connection.execution.TrackRecord;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.MessageHandler;
import dev.hawser.protocol.MessageReader;
import dev.hawser.protocol.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Reads one client's messages and counts them, and charges the connection for the memory that a read leaves behind: an unfinished message, and the
 * window that the client's messages share. The memory is released when the connection ends. A base class and not a part, since an
 * idle connection should have few objects. Used by the reading thread only, except for {@link #endReading} and {@link #unfinished}.
 */
abstract class ChargedReader extends ReleaseWhenUnused implements MessageHandler, Leader.Calls {
	private final Hub hub;
	private MessageReader reader;
	private final MemoryBudget.Account account;
	/** What is charged. Written by the reading thread, or by the one that releases the memory. */
	private volatile int charged;
	// Written by the reading thread.
	private volatile long messages;
	private volatile long bytes;

	ChargedReader(OpeningHandshake opening, MemoryBudget.Account account) {
		this.hub = opening.hub();
		ConnectionSettings settings = hub.settings();
		this.reader = new MessageReader((int) settings.maxMessageSize().toBytes(), opening.deflate(),
				(int) settings.compression().maxInflatedSize().toBytes());
		this.account = account;
	}

	/** The client has broken this rule. */
	abstract void broken(ProtocolException rule);

	final MessageReader reader() {
		return reader;
	}

	final MemoryBudget.Account account() {
		return account;
	}

	final Hub hub() {
		return hub;
	}

	@Override
	public final TrackRecord record() {
		return hub.record();
	}

	/** A whole text or binary message has been read. */
	@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, any may read
	final void countMessage() {
		messages++;
	}

	/** Text and binary messages received. */
	@Override
	public final long messages() {
		return messages;
	}

	/** Bytes received, headers and control frames included. */
	final long bytes() {
		return bytes;
	}

	/** Takes all bytes. After the end they are discarded. */
	@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, any may read
	final void read(ByteBuffer in) {
		bytes += in.remaining();
		if (!use()) {
			in.position(in.limit());
			return;
		}
		try {
			reader.read(in, this);
		}
		catch (ProtocolException e) {
			broken(e);
		}
		finally {
			leave();
		}
	}

	/** The bytes from now on begin a new stream, which is not compressed. Must not be called during a read. */
	final void startOver() {
		if (use()) {
			MessageReader fresh = new MessageReader(reader.textLimit());
			fresh.binaryLimit(reader.binaryLimit());
			reader.end();
			reader = fresh;
			leave();
		}
	}

	/** Charges what the read has left behind. */
	@Override
	final boolean hasLeftSomething() {
		int held = reader.held();
		int more = held - charged;
		if (more != 0) {
			charged = held; // first: the account may make the connection let go at once
			account.add(more);
		}
		return held > 0;
	}

	@Override
	final void release() {
		reader.end();
		account.add(-charged);
		charged = 0;
	}

	/** Bytes that the latest read has left behind. Any thread may ask. */
	final int unfinished() {
		return charged;
	}

	/** The connection has ended: releases the memory, now or when the current read is over. Any thread may call. */
	final void endReading() {
		endUses();
		account.close();
	}
}
