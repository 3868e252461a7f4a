package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends the packaged server, without any flag of the JVM: an error that its threads cannot survive, and no other. */
class FatalErrorIT {
	private static final int STATUS = 70;
	private static final String SENTENCE = "Hawser ends with status 70";

	/** Fails as the message says. */
	private static final String FAILING = """
			package com.example.failing;

			import dev.hawser.api.Frame;
			import dev.hawser.api.OnMessage;
			import dev.hawser.api.WebSocketServer;
			import java.util.ArrayList;
			import java.util.List;
			import org.springframework.stereotype.Component;
			import org.springframework.web.bind.annotation.GetMapping;
			import org.springframework.web.bind.annotation.RestController;

			@Component
			@RestController
			class Failing implements OnMessage {
				private static final List<byte[]> HOARD = new ArrayList<>();

				@Override
				public void onMessage(WebSocketServer server, Frame frame) {
					switch (frame.text()) {
						case "memory" -> throw new OutOfMemoryError("on purpose");
						case "wrapped" -> throw new IllegalStateException(new OutOfMemoryError("on purpose"));
						case "hoard" -> hoard();
						case "link" -> throw new NoClassDefFoundError("com/example/Missing");
						case "stack" -> recurse(1);
						case "assertion" -> throw new AssertionError("on purpose");
						default -> server.push(frame.fd(), frame);
					}
				}

				/** Takes all memory, and carries on: others are to notice that there is none left. */
				private static void hoard() {
					for (int size = 1 << 20;; size = Math.max(16, size / 2)) {
						try {
							while (true) {
								HOARD.add(new byte[size]);
							}
						}
						catch (OutOfMemoryError e) {
							// as careless code does
						}
					}
				}

				private static int recurse(int depth) {
					return recurse(depth + 1) + depth;
				}

				@GetMapping("/memory")
				String memory() {
					throw new OutOfMemoryError("on purpose");
				}
			}
			""";

	@TempDir
	private Path temp;

	@BeforeEach
	void makeCallbacks() throws Exception {
		new CallbackJarBuilder(temp.resolve("classes")).compile(Map.of("com/example/failing/Failing", FAILING))
				.jar(temp.resolve("failing.jar"), "com/example/failing");
	}

	private HawserJar start() throws Exception {
		return HawserJar.start(HawserJar.JAR, temp,
				Map.of("LOADER_PATH", temp.resolve("failing.jar").toString(), "JDK_JAVA_OPTIONS", "-Xmx96m"),
				"hawser.handshake.token.required=false");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "wrapped", "hoard" })
	void endsWhenThereIsNoMemoryLeft(String message) throws Exception {
		try (HawserJar hawser = start(); RawClient client = hawser.connect()) {
			client.awaitOpen().send(RawFrame.text(message));
			assertThat(hawser.program().exitCode()).isEqualTo(STATUS);
			assertThat(hawser.program().output()).containsOnlyOnce(SENTENCE);
		}
	}

	@Test
	void endsWhenAControllerHasNoMemoryLeft() throws Exception {
		try (HawserJar hawser = start(); RawClient client = RawClient.connect(hawser.url().getPort())) {
			client.request("GET /memory HTTP/1.1", "Host: localhost");
			assertThat(hawser.program().exitCode()).isEqualTo(STATUS);
			assertThat(hawser.program().output()).containsOnlyOnce(SENTENCE);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "link", "stack", "assertion" })
	void endsOnlyTheConnectionAfterAnotherError(String message) throws Exception {
		try (HawserJar hawser = start(); RawClient client = hawser.connect(); RawClient other = hawser.connect()) {
			client.awaitOpen().send(RawFrame.text(message));
			assertThat(client.message().closeCode()).isEqualTo(1011);
			assertThat(other.send(RawFrame.text("hello")).message().text()).isEqualTo("hello");
			assertThat(hawser.program().output()).doesNotContain(SENTENCE);
		}
	}
}
