package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An access log has the client and the request, in any format, and never a token. */
class AccessLogTests {
	private static final String FORMAT = "%m %U %q %r %s %{Authorization}i %{Cookie}i %{Sec-WebSocket-Protocol}i %{Referer}i %C"
			+ " %{access_token}C %{Set-Cookie}o %{Host}i end";

	@TempDir
	private Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "format=ncsa", "format=extended_ncsa", "custom-format=" + FORMAT })
	void hidesTokens(String format) throws Exception {
		Path log = folder.resolve("access.log");
		try (RunningHawser server = RunningHawser.startSecure(Echo.class, "server.jetty.accesslog.enabled=true",
				"server.jetty.accesslog.filename=" + log, "server.jetty.accesslog." + format)) {
			ask(server.port(), "/ws?access_token=hunter2-query&room=blue");
			ask(server.port(), "/ws?a=1&access%5Ftoken=hunter2-encoded");
			ask(server.port(), "/client/hubs/default?awps_connection_id=a-1&awps_reconnection_token=hunter2-recovery");
			ask(server.port(), "/nothing?x=y&access_token=hunter2-elsewhere");
			ask(server.operationsPort(), "/actuator/info?access_token=hunter2-operations");
			Awaitility.await().untilAsserted(() -> assertThat(log).content().hasLineCount(4));
			assertThat(Files.readString(log)).contains("/nothing", "room=blue", "a-1").doesNotContain("hunter2");
		}
		try (var files = Files.list(folder)) {
			for (Path file : files.toList()) {
				assertThat(Files.readString(file)).as(file.toString()).doesNotContain("hunter2");
			}
		}
	}

	/** Jetty takes headers with bytes above 127, as characters of Latin-1. */
	@Test
	void showsControlCharactersOfClients() throws Exception {
		Path log = folder.resolve("access.log");
		try (RunningHawser server = RunningHawser.startSecure(Echo.class, "server.jetty.accesslog.enabled=true",
				"server.jetty.accesslog.filename=" + log, "server.jetty.accesslog.custom-format=%m %{Referer}i")) {
			try (RawClient client = RawClient.connect(server.port())) {
				client.request("GET /nothing HTTP/1.1", "Host: localhost", "Referer: \u009b31mred").response();
			}
			Awaitility.await().untilAsserted(() -> assertThat(log).content().isEqualToIgnoringNewLines("GET \\u009b31mred"));
		}
	}

	private static void ask(int port, String target) throws Exception {
		try (RawClient client = RawClient.connect(port)) {
			client.request(RawClient.handshake(target, "Authorization: Bearer hunter2-header", "Cookie: access_token=hunter2-cookie",
					"Sec-WebSocket-Protocol: bearer, hunter2-subprotocol",
					"Referer: https://app.example/?access_token=hunter2-referer&awps_reconnection_token=hunter2-again"))
					.response();
		}
	}
}
