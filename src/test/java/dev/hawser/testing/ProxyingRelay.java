package dev.hawser.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A proxy for one connection, which begins with what a test wants and then passes all bytes on. */
public final class ProxyingRelay implements AutoCloseable {
	private final ServerSocket entrance = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
	private final Socket exit;

	public ProxyingRelay(int port, byte[] beginning) throws IOException {
		exit = new Socket(InetAddress.getLoopbackAddress(), port);
		exit.getOutputStream().write(beginning);
		Thread.startVirtualThread(this::relay);
	}

	public int port() {
		return entrance.getLocalPort();
	}

	private void relay() {
		try (Socket client = entrance.accept()) {
			Thread.startVirtualThread(() -> pass(exit, client));
			pass(client, exit);
		}
		catch (IOException e) {
			// the test is over
		}
	}

	private static void pass(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
			to.shutdownOutput();
		}
		catch (IOException e) {
			// one side has closed its connection, and the other side will
		}
	}

	@Override
	public void close() throws IOException {
		entrance.close();
		exit.close();
	}
}
