package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.context.annotation.Bean;

/** What becomes of the socket when the client has sent its close frame (RFC 6455 section 7.1.1), on either thread that may close it. */
class SocketClosingTests {
	private static final Semaphore HOLDS = new Semaphore(0);
	private static final Semaphore MAY_GO_ON = new Semaphore(0);

	/** A callback that blocks its thread: bytes that come meanwhile wait until the server reads again. */
	private static void hold() {
		HOLDS.release();
		MAY_GO_ON.acquireUninterruptibly();
	}

	static class OnVirtualThread {
		@Bean
		OnMessage onMessage() {
			return (_, _) -> hold();
		}
	}

	static class OnSelectorsThread {
		@Bean
		@NonBlocking
		OnMessage onMessage() {
			return (_, _) -> hold();
		}

		@Bean
		@NonBlocking
		OnClose onClose() {
			return (_, _, _, _) -> {
			};
		}
	}

	private static RunningHawser virtual;
	private static RunningHawser nonBlocking;

	@BeforeAll
	static void start() {
		virtual = RunningHawser.start(OnVirtualThread.class, "hawser.connection.close-timeout=10m");
		nonBlocking = RunningHawser.start(OnSelectorsThread.class, "hawser.connection.close-timeout=10m");
	}

	@AfterAll
	static void stop() {
		nonBlocking.close();
		virtual.close();
	}

	static Stream<Named<RunningHawser>> bothThreads() {
		return Stream.of(Named.of("virtual thread", virtual), Named.of("selector's thread", nonBlocking));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("bothThreads")
	void readsOnForTheAnswerToAPingThatHasCrossedTheClose(RunningHawser server) throws Exception {
		try (RawClient client = server.connect()) {
			WebSocketServer pushing = server.bean(WebSocketServer.class);
			Awaitility.await().until(() -> pushing.connectionList(0, 2).size() == 1); // connections of other tests may not have ended yet
			pushing.ping(pushing.connectionList(0, 1).getFirst());
			ReceivedFrame ping = client.frame();
			client.send(RawFrame.close(1000, ""));
			assertThat(client.frame().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			for (int i = 0; i < 5; i++) { // RFC 6455 section 5.5.2 asks for a pong; after a reset, writing would fail
				client.send(RawFrame.pong(ping.payload()));
			}
		}
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("bothThreads")
	void awaitsNothingMoreOfAClientThatHasClosed(RunningHawser server) throws Exception {
		Connector connector = ((JettyWebServer) server.webServer()).getServer().getConnectors()[0];
		SelectorManager selectors = ((ServerConnector) connector).getSelectorManager();
		try (RawClient client = server.connect()) {
			client.send(RawFrame.close(1000, ""));
			assertThat(client.message().closeCode()).isEqualTo(1000);
			// long before the close timeout, and the client's socket is still open
			Awaitility.await().untilAsserted(() -> assertThat(selectors.getTotalKeys()).as("the one that accepts").isEqualTo(1));
			assertThat(client.ended()).isTrue();
		}
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("bothThreads")
	void deliversTheCloseFrameToAClientThatSendsMuchBehindItsOwn(RunningHawser server) throws Exception {
		RawFrame close = RawFrame.close(1000, "");
		byte[] behind = new byte[200_000];
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("hold"));
			HOLDS.acquire();
			client.send(close.bytes(), behind);
			MAY_GO_ON.release();
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			for (int i = 0; i < 5; i++) { // after a reset, writing would fail; on other systems a reset also destroys the close frame
				client.send(behind);
			}
		}
	}
}
