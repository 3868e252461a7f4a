package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server while its standard output and error are a full pipe that nothing reads, and what it writes into logs. */
class StuckLogIT {
	/** Enough to fill the pipe and the queue. */
	private static final int MANY = 2_000;

	/** Logs each message on the selector's thread, with a kilobyte more, and echoes it. */
	private static final String LOGGING = """
			package com.example.logging;

			import dev.hawser.api.Frame;
			import dev.hawser.api.NonBlocking;
			import dev.hawser.api.OnMessage;
			import dev.hawser.api.WebSocketServer;
			import org.slf4j.Logger;
			import org.slf4j.LoggerFactory;
			import org.springframework.stereotype.Component;

			@Component
			@NonBlocking
			class Logging implements OnMessage {
				private static final Logger LOG = LoggerFactory.getLogger(Logging.class);

				@Override
				public void onMessage(WebSocketServer server, Frame frame) {
					LOG.info("Message {}, {}", frame.text(), "x".repeat(1024), new IllegalStateException("as " + frame.text()));
					server.push(frame.fd(), frame);
				}
			}
			""";

	@TempDir
	private Path temp;

	@BeforeEach
	void makeCallbacks() throws Exception {
		new CallbackJarBuilder(temp.resolve("classes")).compile(Map.of("com/example/logging/Logging", LOGGING))
				.jar(temp.resolve("logging.jar"), "com/example/logging");
	}

	private HawserJar start(String... more) throws Exception {
		String[] properties = new String[more.length + 1];
		properties[0] = "hawser.handshake.token.required=false";
		System.arraycopy(more, 0, properties, 1, more.length);
		return HawserJar.start(HawserJar.JAR, temp, Map.of("LOADER_PATH", temp.resolve("logging.jar").toString()), properties);
	}

	private static void talk(RawClient client) throws Exception {
		for (int i = 0; i < MANY; i++) {
			assertThat(client.send(RawFrame.text("number " + i)).message().text()).isEqualTo("number " + i);
		}
	}

	private static double leftOut(HawserJar hawser) throws Exception {
		return hawser.operations("/actuator/prometheus").body().lines().filter(line -> line.startsWith("hawser_log_left_out_total"))
				.mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
	}

	@Test
	void servesOnAndCountsWhatTheLogDoesNotTake() throws Exception {
		try (HawserJar hawser = start("server.jetty.accesslog.enabled=true"); RawClient client = hawser.connect()) {
			hawser.operationsPort();
			hawser.program().hold();
			talk(client);
			assertThat(hawser.get("/nothing").status()).as("with an access log on standard error").isEqualTo(404);
			assertThat(hawser.operations("/actuator/health/liveness").status()).isEqualTo(200);
			assertThat(leftOut(hawser)).isPositive();

			hawser.program().release();
			assertThat(hawser.program().line("entries of this log are missing here")).contains(" WARN ");
			hawser.program().terminate();
			assertThat(client.message().closeCode()).isEqualTo(1012);
			client.send(RawFrame.close(1012, ""));
			assertThat(hawser.program().exitCode()).isZero();
			assertThat(hawser.program().output()).as("the last line").contains("1 connections closed in good order, 0 dropped");
		}
	}

	@Test
	void stopsWithoutTheLog() throws Exception {
		try (HawserJar hawser = start("server.jetty.accesslog.enabled=true"); RawClient client = hawser.connect()) {
			hawser.operationsPort();
			hawser.program().hold();
			talk(client);
			hawser.program().terminate();
			assertThat(client.message().closeCode()).isEqualTo(1012);
			client.send(RawFrame.close(1012, ""));
			assertThat(hawser.program().exitCode()).isZero();
		}
	}

	@Test
	void writesNoControlCharacterOfAClient() throws Exception {
		Path file = temp.resolve("hawser.log");
		try (HawserJar hawser = start("logging.file.name=" + file); RawClient client = hawser.connect()) {
			client.send(RawFrame.text("\u001b[2J\u009b31m\r\nforged")).message();
			assertThat(hawser.program().line("Message \\u001b[2J")).contains("\\u009b31m\\r\\nforged");
			assertThat(hawser.program().line("IllegalStateException: as \\u001b")).endsWith("\\u009b31m\\r\\nforged");
			hawser.program().terminate();
			client.message();
			client.send(RawFrame.close(1012, ""));
			assertThat(hawser.program().exitCode()).isZero();
			assertThat(hawser.program().output()).doesNotContain("\u001b", "\u009b");
		}
		assertThat(Files.readString(file)).contains("Message \\u001b[2J\\u009b31m\\r\\nforged").doesNotContain("\u001b", "\u009b")
				.contains("\tat callbacks//com.example.logging.Logging.onMessage").contains("1 connections closed in good order");
	}
}
