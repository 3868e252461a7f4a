package dev.hawser.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The packaged server, started as its user starts it: {@code java -jar hawser.jar}, on a free port. */
public final class HawserJar implements AutoCloseable {
	/** The jar that {@code package} builds. */
	public static final Path JAR = Path.of("target", "hawser.jar").toAbsolutePath();
	private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

	private final Program program;

	private HawserJar(Program program) {
		this.program = program;
	}

	/** Starts {@link #JAR} in the folder {@code target}. */
	public static HawserJar start(String... properties) throws IOException {
		return start(JAR, Path.of("target"), Map.of(), properties);
	}

	/** Starts a jar somewhere, with one flag for a quick start and an address that only this machine reaches. */
	public static HawserJar start(Path jar, Path directory, Map<String, String> environment, String... properties)
			throws IOException {
		List<String> command = new ArrayList<>(List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1", "-jar", jar.toString(),
				"--server.port=0", "--server.address=127.0.0.1", "--management.server.port=0",
				"--management.server.address=127.0.0.1"));
		for (String property : properties) {
			command.add("--" + property);
		}
		return new HawserJar(Program.start(directory, environment, command.toArray(String[]::new)));
	}

	/** The URL with a development token that the start-up log ends with, waiting for it. */
	public URI url() throws InterruptedException {
		String tryIt = program.line("Try it: npx wscat -c \"ws://");
		return URI.create(tryIt.substring(tryIt.indexOf('"') + 1, tryIt.lastIndexOf('"')));
	}

	/** A raw client with a WebSocket at {@link #url}. */
	public RawClient connect() throws Exception {
		URI url = url();
		return RawClient.connect(url.getPort()).upgrade(url.getPath() + '?' + url.getQuery());
	}

	/** The port of the operations, from its start-up log. */
	public int operationsPort() throws InterruptedException {
		return Integer.parseInt(program.line("Operations: port ").replaceAll(".*Operations: port (\\d+).*", "$1"));
	}

	/** The server's answer to a plain request for the path, on a connection of its own. */
	public RawClient.Response get(String path) throws Exception {
		return get(url().getPort(), path);
	}

	/** As {@link #get}, on the port of the operations. */
	public RawClient.Response operations(String path) throws Exception {
		return get(operationsPort(), path);
	}

	private static RawClient.Response get(int port, String path) throws Exception {
		try (RawClient client = RawClient.connect(port)) {
			return client.request("GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close").response();
		}
	}

	public Program program() {
		return program;
	}

	@Override
	public void close() {
		program.close();
	}
}
