package dev.hawser.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy in front of a server, which keeps its connections open and loses what they carry in one direction, or brings it late, when a
 * test says so. A connection that has lost something carries nothing in that direction any more, also after the test has ended it: as
 * when a firewall has forgotten it. New ones work then.
 */
public final class HalfOpenProxy implements AutoCloseable {
	private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
	private final int port;
	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
	private volatile boolean losesRequests;
	private volatile boolean losesAnswers;
	private volatile Duration late = Duration.ZERO;

	/** @param port the server's */
	public HalfOpenProxy(int port) throws IOException {
		this.port = port;
		Thread.startVirtualThread(this::accept);
	}

	public int port() {
		return entrance.getLocalPort();
	}

	/** From now on nothing gets to the server. */
	public void loseRequests() {
		losesRequests = true;
	}

	/** From now on nothing comes back from the server. */
	public void loseAnswers() {
		losesAnswers = true;
	}

	/** From now on whatever is read at once from the server comes so much later. */
	public void delayAnswers(Duration late) {
		this.late = late;
	}

	/** New connections work again. */
	public void heal() {
		losesRequests = false;
		losesAnswers = false;
		late = Duration.ZERO;
	}

	private void accept() {
		try {
			while (true) {
				Socket client = entrance.accept();
				Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
				sockets.add(client);
				sockets.add(server);
				Thread.startVirtualThread(() -> passRequests(client, server));
				Thread.startVirtualThread(() -> passAnswers(server, client));
			}
		}
		catch (IOException e) {
			// the test is over
		}
	}

	private void passRequests(Socket from, Socket to) {
		boolean lost = false;
		byte[] some = new byte[65_536];
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int count = in.read(some); count > 0; count = in.read(some)) {
				lost |= losesRequests;
				if (!lost) {
					out.write(some, 0, count);
				}
			}
		}
		catch (IOException e) {
			// one side has ended, and so does the other
		}
	}

	private void passAnswers(Socket from, Socket to) {
		boolean lost = false;
		byte[] some = new byte[65_536];
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int count = in.read(some); count > 0; count = in.read(some)) {
				LockSupport.parkNanos(late.toNanos());
				lost |= losesAnswers;
				if (!lost) {
					out.write(some, 0, count);
				}
			}
		}
		catch (IOException e) {
			// one side has ended, and so does the other
		}
	}

	@Override
	public void close() throws IOException {
		entrance.close();
		for (Socket socket : sockets) {
			socket.close();
		}
	}
}
