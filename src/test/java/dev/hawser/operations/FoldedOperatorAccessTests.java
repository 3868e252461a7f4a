package dev.hawser.operations;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Operations on the port of the clients. */
class FoldedOperatorAccessTests extends OperatorAccessContract {
	private static final int PORT = freePort();

	FoldedOperatorAccessTests() {
		super("server.port=" + PORT, "management.server.port=" + PORT);
	}

	/** A port that no system assigns by itself, so that no other program takes it before the server does. */
	private static int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException e) {
				// the port is taken: try another one
			}
		}
	}
}
