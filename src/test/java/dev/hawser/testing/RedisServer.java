package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The {@code redis-server} of this machine, on a free port of 127.0.0.1 and with a folder of its own, which a test may kill, pause and
 * start again. Without one on the machine the test that asks for it is skipped, so ask in {@code @BeforeAll} or in a test, not in a
 * static field. A server that is not ready within two minutes is an {@link AssertionError}.
 */
public final class RedisServer implements AutoCloseable {
	private static final String PROGRAM = "redis-server";

	private final FreePort port;
	private final Path folder;
	private final List<String> client;
	private Program program;

	private RedisServer(FreePort port, Path folder, List<String> client) throws IOException, InterruptedException {
		this.port = port;
		this.folder = folder;
		this.client = client;
		this.program = launch();
	}

	/**
	 * Starts a server that keeps its data in memory only, unless a directive says otherwise.
	 *
	 * @param directives lines of redis.conf, such as {@code maxmemory 10mb} or {@code user hawser on >secret ~hawser:* +@all}
	 */
	public static RedisServer start(String... directives) throws IOException, InterruptedException {
		FreePort port = FreePort.find();
		return start(port, List.of("port " + port.number()), List.of(), directives);
	}

	/** As {@link #start}, but the server writes each change to its disk before it answers. */
	public static RedisServer startDurable(String... directives) throws IOException, InterruptedException {
		List<String> all = new ArrayList<>(List.of("appendonly yes", "appendfsync always"));
		all.addAll(List.of(directives));
		return start(all.toArray(String[]::new));
	}

	/** As {@link #start}, but reached by TLS only, with a certificate of this chain for localhost. */
	public static RedisServer startWithTls(CertificateChain chain, String... directives)
			throws IOException, InterruptedException, GeneralSecurityException {
		CertificateChain.Leaf leaf = chain.issue("CN=localhost");
		Path keys = newFolder();
		Path certificate = Files.writeString(keys.resolve("redis.pem"), leaf.chainPem());
		Path key = Files.writeString(keys.resolve("redis.key"), leaf.keyPem());
		FreePort port = FreePort.find();
		return start(port, List.of("port 0", "tls-port " + port.number(), "tls-cert-file " + certificate, "tls-key-file " + key,
				"tls-ca-cert-file " + chain.rootPem(), "tls-auth-clients no"),
				List.of("--tls", "--cacert", chain.rootPem().toString()), directives);
	}

	private static RedisServer start(FreePort port, List<String> listening, List<String> client, String... directives)
			throws IOException, InterruptedException {
		assumeIsInstalled(PROGRAM);
		Path folder = newFolder();
		List<String> lines = new ArrayList<>(
				List.of("bind 127.0.0.1", "dir " + folder, "save \"\"", "daemonize no", "logfile \"\""));
		lines.addAll(listening);
		lines.addAll(List.of(directives));
		Files.write(folder.resolve("redis.conf"), lines);
		return new RedisServer(port, folder, client);
	}

	/** Whether the machine has the program. */
	public static boolean isInstalled() {
		return Program.onPath(PROGRAM).isPresent();
	}

	/** Skips the test that calls on a machine without the program. */
	public static void assumeIsInstalled() {
		assumeIsInstalled(PROGRAM);
	}

	/** Skips the test, and says why, on a machine without this program. */
	static void assumeIsInstalled(String program) {
		assumeTrue(Program.onPath(program).isPresent(), "There is no " + program + " on this machine (on Debian: apt install redis-server"
				+ " redis-sentinel redis-tools): what needs Redis is not tried");
	}

	/** A folder that no test has yet. */
	static Path newFolder() throws IOException {
		return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "redis-");
	}

	private Program launch() throws IOException, InterruptedException {
		Program started = Program.start(folder, Map.of(), PROGRAM, folder.resolve("redis.conf").toString());
		try {
			started.line("Ready to accept connections");
		}
		catch (AssertionError | InterruptedException e) {
			started.close();
			throw e;
		}
		return started;
	}

	public int port() {
		return port.number();
	}

	/** Where the server has its files. */
	public Path folder() {
		return folder;
	}

	/** The properties of Spring that lead to this server; a test with users or TLS adds its own. */
	public String[] properties() {
		return new String[] { "spring.data.redis.host=localhost", "spring.data.redis.port=" + port() };
	}

	/** What {@code redis-cli} answers, without the last line break. */
	public String cli(String... command) throws IOException, InterruptedException {
		List<String> options = new ArrayList<>(List.of("-p", Integer.toString(port())));
		options.addAll(client);
		return cli(options, command);
	}

	/** Kills the server as {@code kill -9} does. What its directives let it write stays in its folder. */
	public void kill() {
		program.close();
	}

	/** Ends the server as {@code kill} does, and waits for that. */
	public void stop() throws InterruptedException {
		program.terminate();
		program.exitCode();
	}

	/** Starts the server again after its end, with what it finds in its folder. */
	public void startAgain() throws IOException, InterruptedException {
		assertThat(program.hasEnded()).as("the server before has ended").isTrue();
		program = launch();
	}

	/** Starts the server again after its end, with no data. */
	public void startEmpty() throws IOException, InterruptedException {
		assertThat(program.hasEnded()).as("the server before has ended").isTrue();
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : files.filter(each -> Files.isRegularFile(each) && !each.endsWith("redis.conf")).toList()) {
				Files.delete(file);
			}
		}
		program = launch();
	}

	/** Stops the server in the middle of whatever it does; it keeps its connections and answers nothing. */
	public void pause() throws IOException, InterruptedException {
		program.signal("STOP");
	}

	/** Ends a {@link #pause}: the server answers again. */
	public void goOn() throws IOException, InterruptedException {
		program.signal("CONT");
	}

	/** What the server has written to its log since its last start. */
	public String log() {
		return program.output();
	}

	@Override
	public void close() {
		program.close();
	}

	/** What {@code redis-cli} answers with these options and this command. */
	static String cli(List<String> options, String... command) throws IOException, InterruptedException {
		assumeIsInstalled("redis-cli");
		List<String> all = new ArrayList<>(List.of("redis-cli"));
		all.addAll(options);
		all.addAll(List.of(command));
		try (Program cli = Program.start(Path.of("."), Map.of(), all.toArray(String[]::new))) {
			int code = cli.exitCode();
			assertThat(code).as(cli.output()).isZero();
			return cli.output().stripTrailing();
		}
	}
}
