package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Witness;
import dev.hawser.testing.Witness.Ending;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 6455 section 7 on the wire, in both directions and with peers that break its rules. */
class ClosingHandshakeTests {
	private static RunningHawser patient;
	private static RunningHawser impatient;

	@BeforeAll
	static void start() {
		patient = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.close-timeout=10m");
		impatient = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.close-timeout=300ms");
	}

	@AfterAll
	static void stop() {
		impatient.close();
		patient.close();
	}

	private static Witness witness() {
		return patient.bean(Witness.class);
	}

	private static WebSocketServer server() {
		return patient.bean(WebSocketServer.class);
	}

	static Stream<Arguments> closes() {
		return Stream.of(
				Arguments.of("1000", RawFrame.close(1000, ""), 1000, ""),
				Arguments.of("1001 with a reason", RawFrame.close(1001, "page left"), 1001, "page left"),
				Arguments.of("no code", RawFrame.opcode(8), 1005, ""),
				Arguments.of("3000", RawFrame.close(3000, "r\u00e9ason"), 3000, "r\u00e9ason"),
				Arguments.of("4999 with the longest reason", RawFrame.close(4999, "x".repeat(123)), 4999, "x".repeat(123)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("closes")
	void echoesTheClientsCloseAndEndsTheStream(String label, RawFrame close, int code, String reason) throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			client.send(close);
			ReceivedFrame echo = client.message();
			assertThat(echo.isClose()).isTrue();
			assertThat(echo.closeCode()).isEqualTo(code);
			assertThat(echo.closeReason()).isEqualTo(reason);
			assertThat(client.ended()).isTrue();
			assertThat(witness().ended(fd)).isEqualTo(new Ending(code, reason, CloseInitiator.CLIENT));
		}
	}

	@Test
	void answersWhatCameBeforeTheCloseAndNothingBehindIt() throws Exception {
		try (RawClient client = patient.connect()) {
			client.send(RawFrame.text("before"), RawFrame.close(1000, ""), RawFrame.text("behind the close"), RawFrame.ping(),
					RawFrame.opcode(3));
			assertThat(client.message().text()).isEqualTo("before");
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			assertThat(witness().messages()).doesNotContain("behind the close");
		}
	}

	@Test
	void closesFirstAndHangsUpAfterTheClientsAnswer() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			assertThat(server().disconnect(fd, 4321, "done")).isEqualTo(SendResult.SENT);
			ReceivedFrame close = client.message();
			assertThat(close.closeCode()).isEqualTo(4321);
			assertThat(close.closeReason()).isEqualTo("done");
			assertThat(server().push(fd, "late")).isEqualTo(SendResult.NOT_ESTABLISHED);
			assertThat(server().isEstablished(fd)).isFalse();
			assertThat(server().exists(fd)).isTrue();
			assertThat(witness().hasEnded(fd)).isFalse();
			client.send(RawFrame.close(4321, ""));
			assertThat(client.ended()).isTrue();
			assertThat(witness().ended(fd)).isEqualTo(new Ending(4321, "done", CloseInitiator.SERVER));
		}
	}

	@Test
	void ignoresDataThatTheClientSendsAfterTheServersClose() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			server().disconnect(fd);
			assertThat(client.message().closeCode()).isEqualTo(1000);
			client.send(RawFrame.text("after the server's close"), RawFrame.ping(), RawFrame.text("more").unfinished());
			client.send(RawFrame.close(1000, ""));
			assertThat(client.ended()).as("nothing but the end after the close frame").isTrue();
			assertThat(witness().messages()).doesNotContain("after the server's close");
		}
	}

	@Test
	void keepsItsOwnCodeWhenBothCloseAtOnce() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			server().disconnect(fd, 4001, "");
			client.send(RawFrame.close(4002, "mine"));
			assertThat(client.message().closeCode()).isEqualTo(4001);
			assertThat(client.ended()).as("one close frame only").isTrue();
			assertThat(witness().ended(fd)).isEqualTo(new Ending(4001, "", CloseInitiator.SERVER));
		}
	}

	@Test
	void endsWith1006WhenTheClientHalfClosesWithoutACloseFrame() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			client.socket().shutdownOutput();
			assertThat(client.ended()).isTrue();
			assertThat(witness().ended(fd)).isEqualTo(new Ending(1006, "", CloseInitiator.CLIENT));
		}
	}

	@Test
	void answersWhatAClientSentBeforeItHalfClosed() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			client.send(RawFrame.text("a"), RawFrame.text("b"));
			client.socket().shutdownOutput();
			assertThat(client.message().text()).isEqualTo("a");
			assertThat(client.message().text()).isEqualTo("b");
			assertThat(client.ended()).isTrue();
			assertThat(witness().ended(fd).code()).isEqualTo(1006);
		}
	}

	@Test
	void completesTheHandshakeWithAClientThatHalfClosesBehindItsCloseFrame() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			client.send(RawFrame.close(1000, ""));
			client.socket().shutdownOutput();
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			assertThat(witness().ended(fd)).isEqualTo(new Ending(1000, "", CloseInitiator.CLIENT));
		}
	}

	@Test
	void endsWith1006WhenTheClientResets() throws Exception {
		long fd;
		try (RawClient client = patient.connect()) {
			fd = Witness.fd(client);
			client.socket().setSoLinger(true, 0);
		}
		assertThat(witness().ended(fd)).isEqualTo(new Ending(1006, "", CloseInitiator.CLIENT));
	}

	@Test
	void endsWith1006WhenTheClientVanishesWithinAFrame() throws Exception {
		long fd;
		try (RawClient client = patient.connect()) {
			fd = Witness.fd(client);
			client.send(RawFrame.binary().announcing(70_000));
		}
		assertThat(witness().ended(fd)).isEqualTo(new Ending(1006, "", CloseInitiator.CLIENT));
	}

	@Test
	void deliversTheCloseFrameToAClientThatIsStillSendingMuch() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			client.send(RawFrame.text("x").unmasked());
			byte[] much = new byte[1024 * 1024];
			for (int i = 0; i < 24; i++) {
				client.send(much);
			}
			assertThat(client.message().closeCode()).isEqualTo(1002);
			assertThat(client.ended()).as("an end in good order, no reset").isTrue();
			assertThat(witness().ended(fd)).isEqualTo(new Ending(1002, "frame not masked", CloseInitiator.SERVER));
		}
	}

	@Test
	void readsOnWhileOnCloseRuns() throws Exception {
		CountDownLatch release = witness().blockOnClose();
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			client.send(RawFrame.text("x").unmasked());
			assertThat(witness().ended(fd).code()).isEqualTo(1002);
			byte[] much = new byte[1024 * 1024];
			for (int i = 0; i < 24; i++) { // blocks when the server does not read
				client.send(much);
			}
			assertThat(client.message().closeCode()).isEqualTo(1002);
			assertThat(client.ended()).isTrue();
			assertThat(release.getCount()).as("OnClose still waits").isEqualTo(1);
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void hangsUpWithoutACloseFrameOnDemand() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			assertThat(server().push(fd, "last")).isEqualTo(SendResult.SENT);
			assertThat(server().hangUp(fd)).isTrue();
			assertThat(client.message().text()).isEqualTo("last");
			assertThat(client.ended()).isTrue();
			assertThat(witness().ended(fd)).isEqualTo(new Ending(1006, "", CloseInitiator.SERVER));
			assertThat(server().hangUp(fd)).isFalse();
		}
	}

	@Test
	void resetsOnDemand() throws Exception {
		try (RawClient client = patient.connect()) {
			long fd = Witness.fd(client);
			assertThat(server().reset(fd)).isTrue();
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::ended);
			assertThat(witness().ended(fd)).isEqualTo(new Ending(1006, "", CloseInitiator.SERVER));
		}
	}

	@Test
	void givesUpOnAClientThatNeverAnswersTheClose() throws Exception {
		try (RawClient client = impatient.connect()) {
			long fd = Witness.fd(client);
			impatient.bean(WebSocketServer.class).disconnect(fd, 4000, "too long");
			assertThat(client.message().closeCode()).isEqualTo(4000);
			assertThat(client.ended()).isTrue();
			assertThat(impatient.bean(Witness.class).ended(fd)).isEqualTo(new Ending(4000, "too long", CloseInitiator.SERVER));
			assertThat(impatient.bean(WebSocketServer.class).exists(fd)).isFalse();
		}
	}

	@Test
	void givesUpOnAClientThatKeepsSendingInsteadOfAnswering() throws Exception {
		try (RawClient client = impatient.connect()) {
			long fd = Witness.fd(client);
			impatient.bean(WebSocketServer.class).disconnect(fd, 4000, "");
			assertThatIOException().isThrownBy(() -> {
				while (true) {
					client.send(RawFrame.text("still talking"));
				}
			});
			assertThat(impatient.bean(Witness.class).ended(fd)).isEqualTo(new Ending(4000, "", CloseInitiator.SERVER));
		}
	}

	@Test
	void closesTheSocketOfAClientThatDoesNotHangUp() throws Exception {
		try (RawClient client = impatient.connect()) {
			client.send(RawFrame.close(1000, ""));
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			Awaitility.await().untilAsserted(() -> assertThatIOException().as("sending to a closed socket")
					.isThrownBy(() -> client.send(RawFrame.text("anybody there?"))));
		}
	}
}
