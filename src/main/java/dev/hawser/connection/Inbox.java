package dev.hawser.connection;

import dev.hawser.protocol.MessageHandler;
import dev.hawser.protocol.MessageReader;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The receiving side of one connection: reads what one read brought, answers pings, and turns the rest into events, run at
 * once (where the handler does not block) or collected for the callback sequence. Used by the reading thread alone.
 */
final class Inbox implements MessageHandler {
	private final WebSocketConnection connection;
	private final MessageReader reader;
	/** Guards the reader's memory outside the heap; null where messages are never compressed and there is none. */
	private final @Nullable ReleaseWhenUnused occupancy;
	/** Collected events; null while they are run at once. */
	private @Nullable List<Runnable> events;
	private volatile long messages;
	private volatile long bytes;

	Inbox(WebSocketConnection connection, ConnectionSettings settings, @Nullable PerMessageDeflate deflate) {
		this.connection = connection;
		this.reader = new MessageReader((int) settings.maxMessageSize().toBytes(), deflate,
				(int) settings.compression().maxInflatedSize().toBytes());
		this.occupancy = deflate == null ? null : new ReleaseWhenUnused(reader::end);
	}

	/** Reads all of {@code in} and runs each event where it stands. */
	void readAndRun(ByteBuffer in) {
		read(in);
	}

	/** Reads all of {@code in} and returns the events that it makes, in order. */
	List<Runnable> readAndCollect(ByteBuffer in) {
		List<Runnable> collected = new ArrayList<>(1);
		events = collected;
		try {
			read(in);
			return collected;
		}
		finally {
			events = null;
		}
	}

	private void read(ByteBuffer in) {
		if (occupancy == null) {
			readAll(in);
		}
		else if (!occupancy.use(() -> readAll(in))) {
			in.position(in.limit());
		}
	}

	/** Nothing is delivered any more, and nothing read from now on. Any thread may call, a callback within a read too. */
	void end() {
		if (occupancy != null) {
			occupancy.end();
		}
	}

	@SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes, any may read
	private void readAll(ByteBuffer in) {
		bytes += in.remaining();
		try {
			reader.read(in, this);
		}
		catch (ProtocolException e) {
			then(() -> connection.closing().fail(e.closeStatus()));
		}
	}

	@Override
	public void text(String text, int size) {
		message(Opcode.TEXT, new TextMessage(text), size);
	}

	@Override
	public void binary(byte[] data) {
		message(Opcode.BINARY, connection.traits().takesArrays() ? new ArrayMessage(data) : new BinaryMessage(ByteBuffer.wrap(data), true),
				data.length);
	}

	@Override
	public void ping(byte[] data) {
		if (wants(Opcode.PING, data.length)) {
			then(() -> connection.deliver(new PingMessage(ByteBuffer.wrap(data))));
		}
		else {
			// RFC 6455 section 5.5.3: the pong carries "identical Application data"
			connection.send(new OutgoingFrame(Opcode.PONG, true, data));
		}
	}

	@Override
	public void pong(byte[] data) {
		connection.closing().ponged();
		if (wants(Opcode.PONG, data.length)) {
			then(() -> connection.deliver(new PongMessage(ByteBuffer.wrap(data))));
		}
	}

	@Override
	public void close(CloseStatus status) {
		if (wants(Opcode.CLOSE, 0)) {
			then(() -> connection.deliver(new CloseMessage(status)));
		}
		then(() -> connection.closing().peerClosed(status));
	}

	private boolean wants(Opcode opcode, int size) {
		connection.observer().received(opcode, size);
		return connection.traits().controlFrames().contains(opcode);
	}

	@SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes, any may read
	private void message(Opcode opcode, WebSocketMessage<?> message, int size) {
		messages++;
		connection.observer().received(opcode, size);
		if (events == null) {
			connection.deliver(message);
		}
		else {
			events.add(() -> connection.deliver(message));
		}
	}

	/** Puts an event behind those that came before. */
	private void then(Runnable event) {
		if (events == null) {
			event.run();
		}
		else {
			events.add(event);
		}
	}

	/** Text and binary messages received. */
	long messages() {
		return messages;
	}

	/** Bytes received, headers and control frames included. */
	long bytes() {
		return bytes;
	}

	int textLimit() {
		return reader.textLimit();
	}

	void textLimit(int limit) {
		reader.textLimit(limit);
	}

	int binaryLimit() {
		return reader.binaryLimit();
	}

	void binaryLimit(int limit) {
		reader.binaryLimit(limit);
	}
}
