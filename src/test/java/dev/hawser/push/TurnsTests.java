package dev.hawser.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Connections;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes to many connections is done in turns, between which others run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TurnsTests {
	private static final int CONNECTIONS = 3 * Turns.LENGTH + 5;
	private final List<RawClient> clients = new ArrayList<>();
	private final List<Integer> turns = new ArrayList<>();
	private RunningHawser running;
	private Connections connections;

	@BeforeAll
	void start() throws Exception {
		running = RunningHawser.start(Echo.class);
		connections = running.bean(Connections.class);
		for (int i = 0; i < CONNECTIONS; i++) {
			clients.add(running.connect());
		}
		await().until(() -> running.bean(WebSocketServer.class).connections().count() == CONNECTIONS);
	}

	@AfterAll
	void stop() throws Exception {
		for (RawClient client : clients) {
			client.close();
		}
		running.close();
	}

	private Turns recorded() {
		turns.clear();
		return new Turns(() -> turns.add(turns.size()));
	}

	private Stream<Arguments> work() {
		Target hub = Target.hub("default");
		return Stream.of(
				Arguments.of("send", (Supplier<Object>) () -> done(local().send(hub, Frame.text("all")))),
				Arguments.of("ping", (Supplier<Object>) () -> done(local().ping(hub))),
				Arguments.of("join", (Supplier<Object>) () -> done(local().join(hub, List.of("g")))),
				Arguments.of("leave", (Supplier<Object>) () -> done(local().leaveAll(hub))),
				Arguments.of("broadcast",
						(Supplier<Object>) () -> new LocalWebSocketServer(connections, _ -> {
						}, recorded()).broadcast(Frame.text("all"))));
	}

	private Clients local() {
		return new LocalClients(connections, recorded());
	}

	private static Delivery done(CompletionStage<Delivery> result) {
		return result.toCompletableFuture().join();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("work")
	void endAfterSoManyConnections(String name, Supplier<Object> work) {
		assertThat(work.get()).isNotNull();
		assertThat(turns).as(name).hasSize(3);
	}

	/** Between two turns of a broadcast, an echo of another connection comes back. */
	@Test
	void letOthersRunInTheMiddle() throws Exception {
		try (RawClient other = running.connect()) {
			AtomicReference<String> meanwhile = new AtomicReference<>();
			Turns once = new Turns(() -> {
				if (meanwhile.get() == null) {
					meanwhile.set("");
					meanwhile.set(echo(other));
				}
			});
			Thread.ofVirtual().start(() -> new LocalClients(connections, once).ping(Target.hub("default"))).join();
			assertThat(meanwhile).hasValue("meanwhile");
		}
	}

	private static String echo(RawClient client) {
		try {
			client.send(RawFrame.text("meanwhile"));
			for (var frame = client.message();; frame = client.message()) {
				if (frame.opcode() == 1) {
					return frame.text();
				}
			}
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
