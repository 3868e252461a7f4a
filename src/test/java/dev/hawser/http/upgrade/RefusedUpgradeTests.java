package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Refused requests for an upgrade: the answer ends the connection, so that no client or proxy waits for an upgrade. */
class RefusedUpgradeTests {
	private static RunningHawser server;

	@RestController
	static class Page {
		@GetMapping("/page")
		String page() {
			return "no WebSocket";
		}

		@GetMapping("/nothing")
		void nothing() {
		}
	}

	static class Callbacks {
		@Bean
		Page page() {
			return new Page();
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Callbacks.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static void assertRefused(int status, String... request) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(request)) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(status);
			assertThat(response.header("Connection")).isNotNull().contains("close");
			String rest = client.rest();
			assertThat(rest).as("one answer").doesNotContain("HTTP/1.1");
		}
	}

	@ParameterizedTest(name = "{0} is answered with {1}")
	@CsvSource({ "/nope,404", "/ws/nope,404", "/WS,404", "/,404", "/page,200", "/nothing,200", "/actuator/nope,404", "/ws%2Fx,400",
			"/%2e%2e/ws,400", "/ws/..;/ws,400", "/ws//,400", "/a%00b,400", "/ws%zz,400" })
	void closesAfterTheAnswer(String target, int status) throws Exception {
		assertRefused(status, RawClient.handshake(target));
	}

	@Test
	void closesAfterRefusingAnotherMethod() throws Exception {
		String[] request = RawClient.handshake("/nope");
		request[0] = "PUT /nope HTTP/1.1";
		assertRefused(404, request);
	}

	@Test
	void closesAfterRefusingARequestWithoutHost() throws Exception {
		String[] request = RawClient.handshake("/ws");
		request[1] = "X-Host: localhost";
		assertRefused(400, request);
	}

	@Test
	void answersBeforeItClosesWhatCameTooEarly() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			client.send((String.join("\r\n", RawClient.handshake("/nope")) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1),
					RawFrame.text("too early").bytes());
			assertThat(client.response().status()).isEqualTo(404);
		}
	}

	@Test
	void keepsAConnectionThatAskedForNoUpgrade() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			for (int i = 0; i < 2; i++) {
				RawClient.Response response = client.request("GET /page HTTP/1.1", "Host: localhost").response();
				assertThat(response.body()).isEqualTo("no WebSocket");
				assertThat(response.header("Connection")).isNull();
			}
		}
	}
}
