package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** What bodies of requests may cost: nothing where no controller reads them, otherwise at most what the settings allow. */
class RequestBodyTests {
	private static final String GB = "1000000000";
	private static RunningHawser server;
	private static RunningHawser impatient;

	@RestController
	static class Pages {
		@PostMapping("/text")
		String text(@RequestBody String text) {
			return text.length() + " characters";
		}

		@PostMapping("/form")
		String form(@RequestParam String name) {
			return name;
		}

		@PostMapping("/upload")
		String upload(@RequestParam MultipartFile file) {
			return file.getSize() + " bytes";
		}
	}

	static class Application {
		@Bean
		Pages pages() {
			return new Pages();
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Application.class, "hawser.request.body-size=10KB", "hawser.request.body-timeout=10m");
		impatient = RunningHawser.start(Application.class, "hawser.request.body-timeout=200ms");
	}

	@AfterAll
	static void stop() {
		server.close();
		impatient.close();
	}

	static Stream<Arguments> unserved() {
		return Stream.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json")
				.flatMap(type -> Stream.of("POST", "PUT", "PATCH", "DELETE").flatMap(method -> Stream.of("/", "/nothing", "/ws",
						"/client/hubs/default", "/error", "/actuator/health").map(path -> Arguments.of(method, path, type))));
	}

	/** Sends only the head: an answer shows that the server did not wait for the body. */
	@ParameterizedTest(name = "{0} {1} {2}")
	@MethodSource("unserved")
	void doesNotReadWhatNothingServes(String method, String path, String type) throws Exception {
		for (String body : new String[] { "Content-Length: 9999", "Transfer-Encoding: chunked" }) {
			try (RawClient client = RawClient.connect(server.port())
					.request(method + " " + path + " HTTP/1.1", "Host: localhost", "Content-Type: " + type, body)) {
				RawClient.Response response = client.response();
				assertThat(response.status()).isBetween(400, 426);
				assertThat(response.header("Connection")).as("a client must not use it again").isEqualTo("close");
				client.rest(); // a body without a length goes up to the end, which must come in good order
			}
		}
	}

	/** A body that has come, although nothing has read it, is got past, and the next request is answered. */
	@Test
	void goesOnWhereTheBodyHasCome() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			String request = "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
			client.send(request.repeat(2).getBytes(StandardCharsets.US_ASCII));
			for (int i = 0; i < 2; i++) {
				RawClient.Response response = client.response();
				assertThat(response.status()).isEqualTo(404);
				assertThat(response.header("Connection")).isNull();
			}
		}
	}

	private static RawClient post(RunningHawser to, String path, String... lines) throws IOException {
		RawClient client = RawClient.connect(to.port());
		String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", lines);
		return client.send(head.getBytes(StandardCharsets.ISO_8859_1));
	}

	@Test
	void takesABodyOfTheLargestSize() throws Exception {
		try (RawClient client = post(server, "/text", "Content-Type: text/plain", "Content-Length: 10240", "", "x".repeat(10_240))) {
			assertThat(client.response().body()).isEqualTo("10240 characters");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "10241", GB, "99999999999" })
	void refusesALargerOneByItsLength(String length) throws Exception {
		try (RawClient client = post(server, "/text", "Content-Type: text/plain", "Content-Length: " + length, "", "")) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(413);
			assertThat(response.body()).contains("\"reason\":\"body-size\"");
			assertThat(client.ended()).isTrue();
		}
	}

	static Stream<Arguments> chunked() {
		String part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
		return Stream.of(
				Arguments.of("/text", "text/plain", ""),
				Arguments.of("/form", "application/x-www-form-urlencoded", "name="),
				Arguments.of("/upload", "multipart/form-data; boundary=x", part));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("chunked")
	void refusesALargerOneInChunks(String path, String type, String beginning) throws Exception {
		String chunk = beginning + "x".repeat(6_000);
		String size = Integer.toHexString(chunk.length());
		try (RawClient client = post(server, path, "Content-Type: " + type, "Transfer-Encoding: chunked", "", size, chunk, "1770",
				"x".repeat(6_000), "")) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(413);
			assertThat(response.body()).contains("\"reason\":\"body-size\"");
		}
	}

	@Test
	void endsTheLargestWhenMemoryIsShort() throws Exception {
		try (RunningHawser small = RunningHawser.start(Application.class, "hawser.memory.budget=1MB", "hawser.request.body-timeout=10m");
				RawClient largest = post(small, "/text", "Content-Type: text/plain", "Content-Length: 900000", "", "x".repeat(899_999));
				RawClient other = post(small, "/text", "Content-Type: text/plain", "Content-Length: 200000", "", "x".repeat(199_999))) {
			RawClient.Response response = largest.response();
			assertThat(response.status()).isEqualTo(503);
			assertThat(response.body()).contains("\"reason\":\"memory\"");
			assertThat(other.send(new byte[] { 'x' }).response().body()).isEqualTo("200000 characters");
			MemoryBudget memory = small.bean(MemoryBudget.class);
			Awaitility.await().untilAsserted(() -> assertThat(memory.held()).isZero());
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("chunked")
	void doesNotWaitForOneThatStalls(String path, String type, String beginning) throws Exception {
		try (RawClient client = post(impatient, path, "Content-Type: " + type, "Content-Length: 9999", "", beginning + "xxx")) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(408);
			assertThat(response.body()).contains("\"reason\":\"body-timeout\"");
			assertThat(client.ended()).isTrue();
		}
	}
}
