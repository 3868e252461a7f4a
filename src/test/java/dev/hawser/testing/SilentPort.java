package dev.hawser.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port of this machine on which nothing listens, reserved until this is closed. */
public final class SilentPort implements AutoCloseable {
	private final Socket holder = new Socket();

	/** @param port the one to hold; 0 for any */
	public SilentPort(int port) throws IOException {
		holder.setReuseAddress(true);
		holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
	}

	public int number() {
		return holder.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		holder.close();
	}
}
