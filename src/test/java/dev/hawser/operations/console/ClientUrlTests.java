package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;

/** Where the page looks for the clients' port. */
class ClientUrlTests {
	private final MockEnvironment environment = new MockEnvironment().withProperty("local.server.port", "9001");
	private final ServerProperties server = new ServerProperties();
	private final ClientUrl url = new ClientUrl(environment, () -> server, "/app");

	private static MockHttpServletRequest at(String host) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setServerName(host);
		return request;
	}

	@ParameterizedTest
	@CsvSource({ "node-1,ws://node-1:9001/app", "[::1],ws://[::1]:9001/app", "a b;script-src *,ws://localhost:9001/app" })
	void isTheHostThatThePageCameFrom(String host, String expected) {
		assertThat(url.of(at(host))).isEqualTo(expected);
	}

	@Test
	void hasTlsIfTheClientsPortHasIt() {
		Ssl ssl = new Ssl();
		ssl.setKeyStore("file:keys.p12");
		server.setSsl(ssl);
		assertThat(url.of(at("node-1"))).isEqualTo("wss://node-1:9001/app");
		ssl.setEnabled(false);
		assertThat(url.of(at("node-1"))).isEqualTo("ws://node-1:9001/app");
	}

	@Test
	void isASourceThatAPolicyCanName() {
		assertThat(url.source(at("node-1"))).isEqualTo("ws://node-1:9001");
		assertThat(url.source(at("[::1]"))).isEqualTo("ws:");
	}

	@Test
	void isThePublicUrlIfThereIsOne() {
		environment.setProperty("hawser.public-url", "https://chat.example.com/hub/");
		assertThat(url.of(at("node-1"))).isEqualTo("wss://chat.example.com/hub");
		assertThat(url.source(at("node-1"))).isEqualTo("wss://chat.example.com");
		environment.setProperty("hawser.public-url", "HTTP://chat.example.com");
		assertThat(url.of(at("node-1"))).isEqualTo("ws://chat.example.com");
	}
}
