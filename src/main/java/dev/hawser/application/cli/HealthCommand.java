package dev.hawser.application.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The health check of the container image, a small program. It exits with 0 when the server in the same container reports that it
 * is alive, otherwise with 1. It asks at the operations' port (9502), and if nothing listens there, or the two ports are one, at the
 * clients' port (9501). Ports and paths are those in the server's environment variables: {@code SERVER_PORT},
 * {@code SERVER_SERVLET_CONTEXTPATH}, {@code SPRING_MVC_SERVLET_PATH}, {@code MANAGEMENT_SERVER_PORT},
 * {@code MANAGEMENT_SERVER_BASEPATH}, {@code MANAGEMENT_ENDPOINTS_WEB_BASEPATH}.
 */
final class HealthCommand {
	private static final int TIMEOUT_MILLIS = 2000;

	private HealthCommand() {
	}

	/** Takes no arguments. */
	public static void main(String[] args) {
		System.exit(isAlive(System.getenv(), TIMEOUT_MILLIS) ? 0 : 1);
	}

	/** @param timeout milliseconds to connect, and again to wait for the answer */
	static boolean isAlive(Map<String, String> environment, int timeout) {
		String endpoint = path(environment, "MANAGEMENT_ENDPOINTS_WEB_BASE_PATH", "/actuator") + "/health/liveness";
		int clients = port(environment, "SERVER_PORT", 9501);
		int operations = port(environment, "MANAGEMENT_SERVER_PORT", 9502);
		return (operations != clients
				&& saysThatItIsAlive(operations, path(environment, "MANAGEMENT_SERVER_BASE_PATH", "") + endpoint, timeout))
				|| saysThatItIsAlive(clients, path(environment, "SERVER_SERVLET_CONTEXT_PATH", "")
						+ path(environment, "SPRING_MVC_SERVLET_PATH", "") + endpoint, timeout);
	}

	/** Spring Boot reads a variable with and without underscores in the place of dashes. */
	private static @Nullable String variable(Map<String, String> environment, String name) {
		String value = environment.get(name);
		return value != null ? value : environment.get(name.replace("BASE_PATH", "BASEPATH").replace("CONTEXT_PATH", "CONTEXTPATH"));
	}

	private static String path(Map<String, String> environment, String name, String usual) {
		String value = variable(environment, name);
		String path = value == null ? usual : value.strip();
		String begun = path.isEmpty() || path.startsWith("/") ? path : "/" + path;
		return begun.endsWith("/") ? begun.substring(0, begun.length() - 1) : begun;
	}

	/** The port number; 0, where nothing listens, for a text that is not a port. */
	private static int port(Map<String, String> environment, String name, int usual) {
		String value = environment.get(name);
		try {
			int port = value == null ? usual : Integer.parseInt(value.strip());
			return port > 0 && port <= 0xFFFF ? port : 0;
		}
		catch (NumberFormatException e) {
			System.err.println(name + " is no number.");
			return 0;
		}
	}

	private static boolean saysThatItIsAlive(int port, String path, int timeout) {
		if (port == 0) {
			return false;
		}
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
			socket.setSoTimeout(timeout);
			socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
			return status != null && status.contains(" 200 ");
		}
		catch (IOException e) {
			return false;
		}
	}
}
