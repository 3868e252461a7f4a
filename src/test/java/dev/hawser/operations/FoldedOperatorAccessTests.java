package dev.hawser.operations;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Operations on the port of the clients. */
class FoldedOperatorAccessTests extends OperatorAccessContract {
	private static final int PORT = freePort();

	FoldedOperatorAccessTests() {
		super("server.port=" + PORT, "management.server.port=" + PORT);
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException e) {
			throw new IllegalStateException(e);
		}
	}
}
