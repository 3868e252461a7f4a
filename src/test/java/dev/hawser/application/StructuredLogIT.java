package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.FakeCollector;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of the packaged server as JSON, by one setting. */
class StructuredLogIT {
	private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
	private static final String LOGGING = """
			package com.example.logging;

			import dev.hawser.api.Frame;
			import dev.hawser.api.OnMessage;
			import dev.hawser.api.WebSocketServer;
			import org.slf4j.LoggerFactory;
			import org.springframework.stereotype.Component;

			@Component
			class Logging implements OnMessage {
				@Override
				public void onMessage(WebSocketServer server, Frame frame) {
					LoggerFactory.getLogger(Logging.class).info("A message has come");
					server.push(frame.fd(), "logged");
				}
			}
			""";

	@TempDir
	private Path temp;

	private static JsonNode line(HawserJar hawser, String part) throws Exception {
		return JsonMapper.shared().readTree(hawser.program().line(part));
	}

	private static int port(HawserJar hawser) throws Exception {
		String message = line(hawser, "WebSocket, no token needed").get("message").asString();
		return Integer.parseInt(message.replaceAll(".*localhost:(\\d+)/ws", "$1"));
	}

	@Test
	void hasTheTraceOfTheHandshakeInWhatACallbackLogs() throws Exception {
		new CallbackJarBuilder(temp.resolve("classes")).compile(Map.of("com/example/logging/Logging", LOGGING)).jar(
				temp.resolve("logging.jar"),
				"com/example/logging");
		try (FakeCollector collector = FakeCollector.start()) {
			List<String> properties = new ArrayList<>(List.of(collector.properties()));
			properties.addAll(List.of("logging.structured.format.console=ecs", "hawser.handshake.token.required=false"));
			try (HawserJar hawser = HawserJar.start(HawserJar.JAR, temp, Map.of("LOADER_PATH", temp.resolve("logging.jar").toString()),
					properties.toArray(String[]::new));
					RawClient client = RawClient.connect(port(hawser))
							.request(RawClient.handshake("/ws", "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01"))) {
				assertThat(client.response().status()).isEqualTo(101);
				assertThat(client.send(RawFrame.text("hello")).message().text()).isEqualTo("logged");
				JsonNode line = line(hawser, "A message has come");
				assertThat(line.findValue("traceId").asString()).isEqualTo(TRACE);
				assertThat(line.findValue("spanId").asString()).hasSize(16);
				assertThat(line.get("service").get("name").asString()).isEqualTo("hawser");
			}
		}
	}

	@Test
	void tracesToTheEndpointInOpenTelemetrysEnvironmentVariable() throws Exception {
		try (FakeCollector collector = FakeCollector.start();
				HawserJar hawser = HawserJar.start(HawserJar.JAR, temp, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
						"logging.structured.format.console=ecs", "hawser.handshake.token.required=false");
				RawClient client = RawClient.connect(port(hawser))
						.request(RawClient.handshake("/ws", "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01"))) {
			assertThat(client.response().status()).isEqualTo(101);
			await().until(() -> !collector.spansOf(TRACE).isEmpty());
		}
	}

	@ParameterizedTest
	@CsvSource({ "ecs, message", "logstash, message", "gelf, short_message" })
	void isAnObjectForEachLine(String format, String message) throws Exception {
		try (HawserJar hawser = HawserJar.start("logging.structured.format.console=" + format, "hawser.handshake.token.required=false")) {
			hawser.program().line("Try it");
			assertThat(hawser.program().output().lines()).isNotEmpty()
					.allSatisfy(line -> assertThat(JsonMapper.shared().readTree(line).get(message).asString()).isNotBlank());
		}
	}
}
