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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Asks the server on this machine whether it is alive, at the port of the operations, and if nothing listens there, at the clients'
 * port. The health check of the container image, so it uses a plain socket and starts quickly.
 */
@Command(name = "health", description = "Ask the server on this machine whether it is alive.", footer = { "", "Example:",
		"  java -jar hawser.jar health --ready" })
final class HealthCommand extends Verb {
	@Option(names = "--ready", description = "Ask whether it is ready for clients, too.")
	private boolean ready;

	@Option(names = "--timeout", paramLabel = "MILLISECONDS", defaultValue = "2000", description = "To connect, and again to wait for the"
			+ " answer; 2000 by default.")
	private int timeout;

	@Option(names = "--json", description = "Write the answer as JSON.")
	private boolean json;

	HealthCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() {
		String probe = ready ? "readiness" : "liveness";
		ServerAddress address = new ServerAddress(here());
		int clients = address.clientPort();
		int operations = address.operationsPort();
		String endpoint = "/health/" + probe;
		Integer first = operations == clients ? null : status(operations, address.actuator() + endpoint);
		Integer status = first != null && first == 200 ? first : latter(first, status(clients, address.actuatorAtClients() + endpoint));
		boolean fine = status != null && status == 200;
		String state = fine ? "UP" : status == null ? "NO_ANSWER" : "DOWN";
		if (json) {
			here().sayJson(Map.of("probe", probe, "status", state));
		}
		else {
			here().say(probe + ": " + state);
		}
		return fine ? 0 : CommandFailure.SAID_NO;
	}

	/** The clients' port tells of operations only with 200; otherwise what the first port has said counts. */
	private static @Nullable Integer latter(@Nullable Integer first, @Nullable Integer second) {
		return first == null || (second != null && second == 200) ? second : first;
	}

	/** The status of the answer; null when there is none. */
	private @Nullable Integer status(int port, String path) {
		if (port == 0) {
			return null;
		}
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
			socket.setSoTimeout(timeout);
			socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
			return status != null && status.matches("HTTP/1\\.[01] [0-9]{3}.*") ? Integer.valueOf(status.substring(9, 12)) : null;
		}
		catch (IOException e) {
			return null;
		}
	}
}
