package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks that are compiled here, against the server's classes, and brought to the packaged server as jars. */
class CallbackJarsIT {
	private static final String SHOUT = """
			package com.example.chat;

			import com.example.words.Words;
			import dev.hawser.api.OnMessage;
			import org.springframework.context.annotation.Bean;
			import org.springframework.context.annotation.Configuration;

			@Configuration(proxyBeanMethods = false)
			class Shout {
				@Bean
				OnMessage onMessage() {
					return (server, frame) -> server.push(frame.fd(), Words.shout(frame.text()));
				}
			}
			""";
	private static final String GREETING = """
			package com.example.chat.web;

			import org.springframework.web.bind.annotation.GetMapping;
			import org.springframework.web.bind.annotation.RestController;

			@RestController
			class Greeting {
				@GetMapping("/greeting")
				String greeting() {
					return "good morning";
				}
			}
			""";
	private static final String WORDS = """
			package com.example.words;

			public final class Words {
				public static String shout(String words) {
					return words.toUpperCase() + "!";
				}
			}
			""";
	private static final String OPEN_ONLY = """
			package com.example.open;

			import dev.hawser.api.OnOpen;
			import dev.hawser.api.WebSocketServer;
			import dev.hawser.api.HandshakeRequest;
			import org.springframework.stereotype.Component;

			@Component
			class OpenOnly implements OnOpen {
				@Override
				public void onOpen(WebSocketServer server, HandshakeRequest request) {
				}
			}
			""";

	@TempDir
	private static Path temp;

	/** A folder {@code callbacks} with the jar of the callbacks, and in {@code lib} that of a library which they use. */
	private static Path callbacks;

	@BeforeAll
	static void build() throws Exception {
		callbacks = Files.createDirectories(temp.resolve("app/callbacks"));
		CallbackJarBuilder jars = new CallbackJarBuilder(temp.resolve("classes")).compile(
				Map.of("com/example/chat/Shout", SHOUT, "com/example/chat/web/Greeting", GREETING, "com/example/words/Words", WORDS,
						"com/example/open/OpenOnly", OPEN_ONLY));
		jars.jar(callbacks.resolve("chat.jar"), "com/example/chat");
		jars.jar(Files.createDirectory(callbacks.resolve("lib")).resolve("words.jar"), "com/example/words");
		jars.jar(temp.resolve("open-only.jar"), "com/example/open");
	}

	private static void expectCallbacks(HawserJar hawser) throws Exception {
		try (RawClient client = hawser.connect()) {
			assertThat(client.send(RawFrame.text("land in sight")).message().text()).isEqualTo("LAND IN SIGHT!");
		}
		assertThat(hawser.get("/greeting").body()).isEqualTo("good morning");
	}

	@Test
	void areFoundBesideTheJarWhereverItIsStarted() throws Exception {
		Path jar = Files.copy(HawserJar.JAR, temp.resolve("app/hawser.jar"));
		Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
		try (HawserJar hawser = HawserJar.start(jar, elsewhere, Map.of())) {
			expectCallbacks(hawser);
		}
	}

	@Test
	void areFoundInLoaderPath() throws Exception {
		try (HawserJar hawser = HawserJar.start(HawserJar.JAR, temp, Map.of("LOADER_PATH", callbacks.toString()))) {
			expectCallbacks(hawser);
		}
	}

	@Test
	void stopTheStartWithoutOnMessage() throws Exception {
		Map<String, String> environment = Map.of("LOADER_PATH", temp.resolve("open-only.jar").toString());
		try (HawserJar hawser = HawserJar.start(HawserJar.JAR, temp, environment)) {
			assertThat(hawser.program().exitCode()).isEqualTo(1);
			assertThat(hawser.program().output())
					.contains("A callback is declared, but no OnMessage: what clients send would go nowhere.",
							"Declare a bean of type dev.hawser.api.OnMessage.")
					.doesNotContain("\tat ");
		}
	}
}
