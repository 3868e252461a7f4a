package dev.hawser.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy between any number of clients and a server, which breaks their connections when a test says so. */
public final class CuttingProxy implements AutoCloseable {
	private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
	private volatile int port;
	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
	private final AtomicInteger accepted = new AtomicInteger();

	/** @param port the server's */
	public CuttingProxy(int port) throws IOException {
		this.port = port;
		Thread.startVirtualThread(this::accept);
	}

	public int port() {
		return entrance.getLocalPort();
	}

	/** Connections that begin from now on go to this server. */
	public void to(int other) {
		port = other;
	}

	/** The number of connections so far. */
	public int accepted() {
		return accepted.get();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = entrance.accept();
				Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
				sockets.add(client);
				sockets.add(server);
				accepted.incrementAndGet();
				Thread.startVirtualThread(() -> pass(client, server));
				Thread.startVirtualThread(() -> pass(server, client));
			}
		}
		catch (IOException e) {
			// the test is over
		}
	}

	/** A few bytes at a time, so that a cut comes in the middle of something. */
	private static void pass(Socket from, Socket to) {
		byte[] some = new byte[997];
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int count = in.read(some); count > 0; count = in.read(some)) {
				out.write(some, 0, count);
			}
		}
		catch (IOException e) {
			// one side has ended, and so does the other
		}
	}

	/** Breaks all connections, in the middle of whatever they carry. */
	public void cut() throws IOException {
		for (Socket socket : List.copyOf(sockets)) {
			sockets.remove(socket);
			reset(socket);
		}
	}

	private static void reset(Socket socket) throws IOException {
		try {
			socket.setSoLinger(true, 0);
		}
		catch (SocketException e) {
			// closed already
		}
		socket.close();
	}

	@Override
	public void close() throws IOException {
		entrance.close();
		for (Socket socket : sockets) {
			socket.close();
		}
	}
}
