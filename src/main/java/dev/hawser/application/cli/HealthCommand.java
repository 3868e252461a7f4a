package dev.hawser.application.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The health check of the container image, a small program. It exits with 0 when the server in the same container reports that it
 * is alive, otherwise with 1. It asks at the operations' port, {@code MANAGEMENT_SERVER_PORT} (9502), and if nothing listens there
 * at the clients' port, {@code SERVER_PORT} (9501).
 */
final class HealthCommand {
	private static final String REQUEST = "GET /actuator/health/liveness HTTP/1.0\r\n\r\n";
	private static final int TIMEOUT_MILLIS = 2000;

	private HealthCommand() {
	}

	/** Takes no arguments. */
	public static void main(String[] args) {
		System.exit(isAlive(System.getenv(), TIMEOUT_MILLIS) ? 0 : 1);
	}

	/** @param timeout milliseconds to connect, and again to wait for the answer */
	static boolean isAlive(Map<String, String> environment, int timeout) {
		return Stream.of(environment.getOrDefault("MANAGEMENT_SERVER_PORT", "9502"), environment.getOrDefault("SERVER_PORT", "9501"))
				.map(Integer::valueOf).anyMatch(port -> saysThatItIsAlive(port, timeout));
	}

	private static boolean saysThatItIsAlive(int port, int timeout) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
			socket.setSoTimeout(timeout);
			socket.getOutputStream().write(REQUEST.getBytes());
			String status = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
			return status != null && status.contains(" 200 ");
		}
		catch (IOException e) {
			return false;
		}
	}
}
