package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.testing.CuttingProxy;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** The unmodified JavaScript client of Azure Web PubSub, whose socket breaks again and again. */
class ReliableClientTests {
	private static final Path SOURCE = Path.of("src/test/node/azure");
	private static final Path INSTALLED = Path.of("target/node-azure");
	private static final int MESSAGES = 500;

	private RunningHawser server;
	private CuttingProxy proxy;
	private @Nullable Program client;

	@BeforeEach
	void start() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "Node.js is not installed (programs node and npm): its client is not tried");
		NodePackages.install(SOURCE, INSTALLED);
		server = RunningHawser.start(GroupCallbacks.class);
		proxy = new CuttingProxy(server.port());
	}

	@AfterEach
	void stop() throws Exception {
		if (client != null) {
			client.close();
		}
		if (proxy != null) {
			proxy.close();
			server.close();
		}
	}

	private void startClient(int messages) throws Exception {
		client = Program.start(INSTALLED, Map.of(), "node", "reliable.mjs", "ws://127.0.0.1:" + proxy.port()
				+ JsonPeer.target("ann", "webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"), Integer.toString(messages));
		client().line("joined");
	}

	private Program client() {
		return Objects.requireNonNull(client, "startClient comes first");
	}

	private List<String> lines(String word) {
		return client().output().lines().filter(line -> line.startsWith(word + ' ')).map(line -> line.substring(word.length() + 1))
				.toList();
	}

	private static List<String> numbers(int last) {
		return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
	}

	@Test
	void getsEachMessageOnceAlthoughItsSocketBreaks() throws Exception {
		startClient(0);
		Clients clients = server.bean(Clients.class);
		for (int i = 1; i <= MESSAGES; i++) {
			clients.send(Target.group("default", "in"), Frame.text(Integer.toString(i)));
			if (i == 100 || i == 350) { // in the middle of what was sent before
				proxy.cut();
			}
		}
		client().line("got " + MESSAGES);
		proxy.cut(); // and once more, with nothing under way
		clients.send(Target.group("default", "in"), Frame.text("last"));
		client().line("got last");
		assertThat(lines("got").subList(0, MESSAGES)).isEqualTo(numbers(MESSAGES));
		assertThat(lines("got")).hasSize(MESSAGES + 1);
		assertThat(lines("connected")).as("recovery is no new connection").hasSize(1);
		assertThat(lines("disconnected")).isEmpty();
		assertThat(server.bean(MeterRegistry.class).get("hawser.recoveries").tag("hub", "default").tag("outcome", "refused").counter()
				.count()).isZero();
		assertThat(proxy.accepted()).isGreaterThanOrEqualTo(3);
	}

	@Test
	void sendsEachMessageOnceAlthoughItsSocketBreaks() throws Exception {
		try (JsonPeer bob = JsonPeer.connect(server, "bob", "webpubsub.joinLeaveGroup")) {
			bob.send("{'type':'joinGroup','group':'out','ackId':1}").text();
			startClient(100);
			for (int i = 1; i <= 100; i++) {
				assertThat(bob.text()).contains("'data':" + i + "}");
				if (i % 30 == 0) {
					proxy.cut();
				}
			}
			client().line("sent 100");
			assertThat(bob.send("{'type':'ping'}").text()).as("nothing twice").isEqualTo("{'type':'pong'}");
			assertThat(lines("connected")).hasSize(1);
		}
	}

	@Test
	void beginsAnewWhenItsConnectionHasEnded() throws Exception {
		startClient(0);
		server.bean(Clients.class).close(Target.user("ann"), new CloseStatus(4000, "begin anew"));
		String first = lines("connected").getFirst();
		client().line("disconnected " + first);
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> lines("connected").size() == 2);
		assertThat(lines("connected").getLast()).isNotEqualTo(first);
	}
}
