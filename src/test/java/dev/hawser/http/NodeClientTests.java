package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.CloseInitiator;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.Parrot.Closed;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Node's ws package and wscat against the whole server. The conversations are in {@code src/test/node/client.js}. */
class NodeClientTests {
	private static final Path SOURCE = Path.of("src/test/node");
	private static final Path INSTALLED = Path.of("target/node");

	private static final String NODE_MISSING = "Node.js is not installed (programs node and npm): its WebSocket clients are not tried";

	private static @Nullable RunningHawser server;

	@BeforeAll
	static void start() throws Exception {
		if (!NodePackages.CAN_BE_INSTALLED) {
			LoggerFactory.getLogger(NodeClientTests.class).warn(NODE_MISSING);
			return;
		}
		NodePackages.install(SOURCE, INSTALLED);
		server = RunningHawser.startSecure(Parrot.class, "hawser.handshake.subprotocols=v1.chat",
				"hawser.callbacks.deliver-pong-frames=true");
	}

	private static RunningHawser server() {
		return Objects.requireNonNull(server);
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	/** Checks this here and not before all tests, where a failed assumption would not appear in the report. */
	@BeforeEach
	void needsNode() {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, NODE_MISSING);
	}

	private static void converse(String conversation) throws Exception {
		converse(server(), conversation);
	}

	private static void converse(RunningHawser server, String conversation) throws Exception {
		try (Program node = Program.start(INSTALLED, Map.of(), "node", "client.js", conversation, server.url(),
				RunningHawser.token())) {
			assertThat(node.exitCode()).as(node.output()).isZero();
		}
	}

	private static Closed closed() throws InterruptedException {
		return server().bean(Parrot.class).closed();
	}

	@ParameterizedTest
	@ValueSource(strings = { "text", "binary", "manyInOrder", "fragments", "pingBothWays" })
	void carriesMessages(String conversation) throws Exception {
		converse(conversation);
		assertThat(closed().initiator()).isEqualTo(CloseInitiator.CLIENT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tokenInQuery", "tokenInHeader", "tokenInCookie", "tokenInSubprotocol" })
	void takesTheToken(String conversation) throws Exception {
		converse(conversation);
		assertThat(closed().code()).isEqualTo(1005);
	}

	@ParameterizedTest
	@ValueSource(strings = { "noToken", "forgedToken" })
	void refusesClientsWithoutAToken(String conversation) throws Exception {
		converse(conversation);
		assertThat(server().bean(Parrot.class).toldAll()).isTrue();
	}

	@Test
	void tellsTheServerTheClientsCloseCode() throws Exception {
		converse("clientCloses");
		assertThat(closed()).isEqualTo(new Closed(4001, "bye", CloseInitiator.CLIENT));
	}

	@Test
	void tellsTheClientTheServersCloseCode() throws Exception {
		converse("serverCloses");
		assertThat(closed()).isEqualTo(new Closed(4002, "as you wish", CloseInitiator.SERVER));
	}

	@Test
	void tellsTheClientThatItsMessageIsTooLarge() throws Exception {
		converse("tooLarge");
		assertThat(closed().code()).isEqualTo(1009);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void compressesWithEveryParameterThatTheClientKnows(boolean takeover) throws Exception {
		try (RunningHawser compressing = RunningHawser.start(Parrot.class, "hawser.connection.compression.enabled=true",
				"hawser.connection.compression.threshold=0", "hawser.connection.compression.server-context-takeover=" + takeover,
				"hawser.connection.compression.client-context-takeover=" + takeover)) {
			for (String conversation : List.of("compressed", "compressedFragments", "compressionParameters")) {
				converse(compressing, conversation);
			}
		}
	}

	/** The command of the start-up log. The option -x sends a message, and without a terminal wscat prints only the answers. */
	@Test
	void wscatShowsTheEcho() throws Exception {
		try (Program wscat = Program.start(INSTALLED, Map.of(), "node_modules/.bin/wscat", "-c",
				server().url() + "?access_token=" + RunningHawser.token(), "-x", "hello from a terminal", "-w", "1")) {
			assertThat(wscat.exitCode()).as(wscat.output()).isZero();
			assertThat(wscat.output()).isEqualTo("hello from a terminal\n");
		}
		assertThat(closed().initiator()).isEqualTo(CloseInitiator.CLIENT);
	}
}
