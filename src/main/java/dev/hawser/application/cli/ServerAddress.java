package dev.hawser.application.cli;

import java.util.Set;

/** Where the server of this configuration listens, as a program on the same machine sees it. */
final class ServerAddress {
	/** Addresses at which a server listens, but that no client can name. */
	private static final Set<String> ANY = Set.of("0.0.0.0", "::", "[::]");
	private static final int CLIENTS = 9501;
	private static final int OPERATIONS = 9502;

	private final Invocation call;

	ServerAddress(Invocation call) {
		this.call = call;
	}

	/** The port of the operations; 0 for what is no port. */
	int operationsPort() {
		return port("management.server.port", OPERATIONS);
	}

	/** The port of clients; 0 for what is no port. */
	int clientPort() {
		return port("server.port", CLIENTS);
	}

	private int port(String property, int usual) {
		try {
			int port = Integer.parseInt(call.setting(property, Integer.toString(usual)).strip());
			return port > 0 && port <= 0xFFFF ? port : 0;
		}
		catch (NumberFormatException e) {
			call.remark(property + " is no number.");
			return 0;
		}
	}

	private boolean isOnePort() {
		return operationsPort() == clientPort();
	}

	/** The URL of the port that has the operations and the push API, without a path. */
	String operations() {
		return isOnePort() ? url("http", "server", clientPort()) : url("http", "management.server", operationsPort());
	}

	/** The URL of the port for clients, with its context path. */
	String clients() {
		return url("ws", "server", clientPort()) + clientPath();
	}

	private String url(String scheme, String prefix, int port) {
		String address = call.setting(prefix + ".address");
		String host = address == null || ANY.contains(address) ? "localhost" : address.contains(":") ? '[' + address + ']' : address;
		return scheme + (usesTls(prefix + ".ssl") ? "s" : "") + "://" + host + ':' + port;
	}

	private boolean usesTls(String ssl) {
		return !"false".equalsIgnoreCase(call.setting(ssl + ".enabled")) && (call.setting(ssl + ".bundle") != null
				|| call.setting(ssl + ".key-store") != null || call.setting(ssl + ".certificate") != null);
	}

	/** The path before {@code /health} on the port of the operations. */
	String actuator() {
		return isOnePort() ? actuatorAtClients() : path("management.server.base-path", "") + endpoints();
	}

	/** The path before {@code /health} on the clients' port, where that has the operations. */
	String actuatorAtClients() {
		return clientPath() + path("spring.mvc.servlet.path", "") + endpoints();
	}

	private String endpoints() {
		return path("management.endpoints.web.base-path", "/actuator");
	}

	private String clientPath() {
		return path("server.servlet.context-path", "");
	}

	/** The context path below which the push API is. */
	String apiPath() {
		return isOnePort() ? clientPath() : "";
	}

	private String path(String property, String usual) {
		String path = call.setting(property, usual).strip();
		String begun = path.isEmpty() || path.startsWith("/") ? path : "/" + path;
		return begun.endsWith("/") ? begun.substring(0, begun.length() - 1) : begun;
	}

	/** The URL at which clients connect to a hub. */
	String hub(String hub) {
		String path = call.setting("hawser.hubs." + hub + ".path");
		return clients() + (path != null ? path : hub.equals("default") ? "/ws" : "/client/hubs/" + hub);
	}
}
