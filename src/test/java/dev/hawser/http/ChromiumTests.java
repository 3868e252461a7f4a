package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.CloseInitiator;
import dev.hawser.testing.Chromium;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.Parrot.Closed;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Headless Chromium against the whole server. It opens a page which a controller on the same port serves, and the page
 * posts back how its conversation went. The pages are in {@code src/test/resources/chromium}.
 */
class ChromiumTests {
	private static final String MISSING = Chromium.MISSING + ": the WebSocket in a page is not tried";

	private static @Nullable RunningHawser server;

	@BeforeAll
	static void start() {
		if (!Chromium.IS_INSTALLED) {
			LoggerFactory.getLogger(ChromiumTests.class).warn(MISSING);
			return;
		}
		server = RunningHawser.startSecure(Callbacks.class, "hawser.handshake.subprotocols=v1.chat",
				"hawser.callbacks.deliver-pong-frames=true", "hawser.connection.ping-interval=0s");
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
	void needsChromium() {
		assumeTrue(Chromium.IS_INSTALLED, MISSING);
	}

	static class Callbacks extends Parrot {
		final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

		@Bean
		Pages pages() {
			return new Pages();
		}

		/** An inner class, because the component scan of every other test would find a static one. */
		@RestController
		class Pages {
			@GetMapping("/{page}.html")
			ResponseEntity<String> page(@PathVariable String page, @RequestParam String token) throws IOException {
				return ResponseEntity.ok().contentType(new MediaType("text", "html", StandardCharsets.UTF_8))
						.header(HttpHeaders.SET_COOKIE, "access_token=" + token).body(resource(page + ".html"));
			}

			@GetMapping(path = "/page.js", produces = "text/javascript;charset=UTF-8")
			String script() throws IOException {
				return resource("page.js");
			}

			@PostMapping("/report")
			void report(@RequestBody String report) {
				reports.add(report);
			}

			private static String resource(String name) throws IOException {
				return new ClassPathResource("chromium/" + name).getContentAsString(StandardCharsets.UTF_8);
			}
		}
	}

	private static Callbacks callbacks() {
		return server().bean(Callbacks.class);
	}

	private static String reportOf(String host, String page) throws Exception {
		try (Program chromium = Chromium.open("http://" + host + ":" + server().port() + page + "?token=" + RunningHawser.token())) {
			String report = callbacks().reports.poll(180, TimeUnit.SECONDS);
			return report != null ? report : "No report from the page; the browser wrote:\n" + chromium.output();
		}
	}

	@Test
	void holdsAConversationWithAPageOfItsOwn() throws Exception {
		assertThat(reportOf("localhost", "/conversation.html")).isEqualTo("all as expected");
		assertThat(List.of(callbacks().closed(), callbacks().closed(), callbacks().closed())).containsExactlyInAnyOrder(
				new Closed(4001, "bye", CloseInitiator.CLIENT), new Closed(4002, "as you wish", CloseInitiator.SERVER),
				new Closed(1005, "", CloseInitiator.CLIENT));
	}

	@Test
	void turnsAwayAPageOfAnotherOrigin() throws Exception {
		assertThat(reportOf("127.0.0.1", "/stranger.html")).isEqualTo("all as expected");
		assertThat(callbacks().toldAll()).isTrue();
		assertThat(server().bean(MeterRegistry.class).get("hawser.handshakes").tag("reason", "origin").counter().count()).isOne();
	}
}
