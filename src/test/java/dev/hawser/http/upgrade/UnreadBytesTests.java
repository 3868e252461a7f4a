package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Frame;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Together;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The only selector stands still while every deadline passes, as when the process is paused, and clients go on sending. Of two clients
 * of each kind one has sent in time, and its bytes are unread; the other has begun later and sends nothing, so that its end shows that
 * the time of both is over.
 */
@Timeout(300)
class UnreadBytesTests {
	private static final String HEAD = "GET /page HTTP/1.1\r\nHost: localhost\r\n";
	private static final String POST = "POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe";

	@RestController
	static class Page {
		@GetMapping("/page")
		String get() {
			return "page";
		}

		@PostMapping("/page")
		String post(@RequestBody String text) {
			return text;
		}
	}

	/** Echoes; stops the selector at {@code block} until it is told to go on. */
	@NonBlocking
	static final class Blocking implements OnMessage {
		private final CountDownLatch stopped = new CountDownLatch(1);
		private final CountDownLatch goOn = new CountDownLatch(1);

		@Override
		public void onMessage(WebSocketServer server, Frame frame) throws InterruptedException {
			if (frame.text().equals("block")) {
				stopped.countDown();
				goOn.await(4, TimeUnit.MINUTES);
			}
			server.push(frame.fd(), frame);
		}
	}

	static class Callbacks {
		@Bean
		Blocking blocking() {
			return new Blocking();
		}

		@Bean
		Page page() {
			return new Page();
		}
	}

	private static byte[] latin1(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static RawClient begin(RunningHawser server, String request) throws IOException {
		return RawClient.connect(server.port()).send(latin1(request));
	}

	private static void stopTheSelector(RunningHawser server, RawClient blocker) throws Exception {
		blocker.send(RawFrame.text("block"));
		assertThat(server.bean(Blocking.class).stopped.await(60, TimeUnit.SECONDS)).isTrue();
	}

	private static void expectNoPong(RawClient silent) throws IOException {
		ReceivedFrame close = silent.message();
		assertThat(close.isClose()).isTrue();
		assertThat(close.closeReason()).isEqualTo("no pong");
	}

	/** At the same time, since each has to wait for the clock. */
	@Test
	void areReadBeforeADeadlineCounts() throws Exception {
		CertificateChain certificates = CertificateChain.make();
		try (RunningHawser server = RunningHawser.start(Callbacks.class, "server.jetty.threads.selectors=1",
				"hawser.connection.ping-interval=500ms", "hawser.connection.pong-timeout=12s", "hawser.request.timeout=12s",
				"hawser.request.body-timeout=12s", "server.jetty.connection-idle-timeout=5m");
				RunningHawser secure = RunningHawser.start(Callbacks.class,
						certificates.serverProperties("server.jetty.threads.selectors=1", "hawser.connection.ping-interval=500ms",
								"hawser.connection.pong-timeout=12s"));
				RunningHawser hasty = RunningHawser.start(Callbacks.class, "server.jetty.threads.selectors=1",
						"hawser.connection.ping-interval=0s", "server.jetty.connection-idle-timeout=10s", "hawser.request.timeout=10s")) {
			Together.run(3, i -> {
				switch (i) {
					case 0 -> judgesNoneThatHasSent(server);
					case 1 -> judgesNoneThatHasSentWithinTls(secure, certificates);
					default -> takesNoneForIdleThatHasSent(hasty);
				}
			});
		}
	}

	private static void judgesNoneThatHasSent(RunningHawser server) throws Exception {
		try (RawClient blocker = server.connect();
				RawClient talking = server.connect();
				Http2Client connection = Http2Client.connect(server.port());
				RawClient heading = begin(server, HEAD);
				RawClient posting = begin(server, POST)) {
			Http2Stream stream = connection.webSocket("/ws");
			assertThat(talking.frame().opcode()).as("a ping").isEqualTo(9);
			assertThat(stream.frame().opcode()).as("a ping").isEqualTo(9);
			try (RawClient silent = server.connect();
					RawClient noHead = begin(server, HEAD);
					RawClient noBody = begin(server, POST)) {
				assertThat(silent.frame().opcode()).as("a ping").isEqualTo(9);
				stopTheSelector(server, blocker);
				talking.send(RawFrame.text("here"));
				stream.send(RawFrame.text("here"));
				heading.send(latin1("\r\n"));
				posting.send(latin1("llo"));

				expectNoPong(silent);
				assertThat(noHead.ended()).isTrue();
				assertThat(noBody.response().status()).isEqualTo(408);
			}
			finally {
				server.bean(Blocking.class).goOn.countDown();
			}
			assertThat(talking.message().text()).isEqualTo("here");
			assertThat(message(stream)).isEqualTo("here");
			assertThat(heading.response().body()).isEqualTo("page");
			assertThat(posting.response().body()).isEqualTo("hello");
		}
	}

	/** The first frame that is no ping. */
	private static String message(Http2Stream stream) throws IOException {
		ReceivedFrame frame = stream.frame();
		while (frame.opcode() == 9) {
			frame = stream.frame();
		}
		return frame.text();
	}

	private static void judgesNoneThatHasSentWithinTls(RunningHawser server, CertificateChain certificates) throws Exception {
		try (RawClient blocker = overTls(server, certificates);
				RawClient talking = overTls(server, certificates)) {
			assertThat(talking.frame().opcode()).as("a ping").isEqualTo(9);
			try (RawClient silent = overTls(server, certificates)) {
				assertThat(silent.frame().opcode()).as("a ping").isEqualTo(9);
				stopTheSelector(server, blocker);
				talking.send(RawFrame.text("here"));
				expectNoPong(silent);
			}
			finally {
				server.bean(Blocking.class).goOn.countDown();
			}
			assertThat(talking.message().text()).isEqualTo("here");
		}
	}

	private static RawClient overTls(RunningHawser server, CertificateChain certificates) throws Exception {
		SSLSocket socket = (SSLSocket) certificates.trusting().getSocketFactory().createSocket("localhost", server.port());
		socket.startHandshake();
		return RawClient.over(socket).upgrade("/ws");
	}

	private static void takesNoneForIdleThatHasSent(RunningHawser server) throws Exception {
		try (RawClient blocker = server.connect();
				RawClient asking = begin(server, HEAD + "\r\n")) {
			assertThat(asking.response().body()).isEqualTo("page");
			try (RawClient idle = begin(server, HEAD + "\r\n")) {
				assertThat(idle.response().body()).isEqualTo("page");
				stopTheSelector(server, blocker);
				asking.send(latin1(HEAD + "\r\n"));
				assertThat(idle.ended()).isTrue();
			}
			finally {
				server.bean(Blocking.class).goOn.countDown();
			}
			assertThat(asking.response().body()).isEqualTo("page");
		}
	}
}
