package dev.hawser.connection;

import dev.hawser.connection.execution.ConnectionLock;

/** The connection on a {@link Line}. All methods that it adds are called under the connection's lock. */
interface LineOwner extends Transport.Receiver {
	/** The connection's lock; may be called without it. */
	ConnectionLock lock();

	/** Whether the connection stays open when its socket is lost. */
	boolean outlivesSocket();

	/** The socket is lost. */
	void lost();

	/** The client has another socket: says good bye on this one, which is whole and between two frames, and closes it. */
	void dismiss(Transport before);

	/** The gathered frames must be written now, and will vanish: they were meant for an earlier socket. */
	void discard();

	/** The line has another socket, on which nothing has been written or read. */
	void replaced(Transport before);

	/** Whether no callback delays the reading. */
	boolean isReady();

	/** The next bytes come from another socket. */
	void startReadingOver();
}
