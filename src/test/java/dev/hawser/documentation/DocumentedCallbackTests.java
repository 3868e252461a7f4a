package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The callbacks in README.md, callbacks.md, hubs-and-limits.md and from-swoole.md compile as they stand there, and do what they say. */
class DocumentedCallbackTests {
	private static final String IMPORTS = """
			package documented;
			import dev.hawser.api.*;
			import java.time.Duration;
			import org.springframework.stereotype.Component;
			import org.springframework.web.socket.CloseStatus;
			""";
	private static final Page CALLBACKS = Page.read("docs/callbacks.md");

	@TempDir
	private Path folder;

	private Class<?> compiled(String name, String source) throws Exception {
		new CallbackJarBuilder(folder).compile(Map.of("documented/" + name, IMPORTS + source));
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, getClass().getClassLoader())) {
			return loader.loadClass("documented." + name);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "docs/callbacks.md" })
	void sendsEachMessageToAll(String page) throws Exception {
		Class<?> chat = compiled("Chat", Page.read(page).block("class Chat"));
		try (RunningHawser server = RunningHawser.start(chat); RawClient one = server.connect(); RawClient other = server.connect()) {
			one.send(RawFrame.text("Hello"));
			assertThat(one.message().text()).isEqualTo("Hello");
			assertThat(other.message().text()).isEqualTo("Hello");
		}
	}

	/** The class with its imports, for the project. */
	@Test
	void greets() throws Exception {
		String source = CALLBACKS.block("class Hello").replace("package com.example;", "");
		new CallbackJarBuilder(folder).compile(Map.of("documented/Hello", "package documented;\n" + source));
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, getClass().getClassLoader());
				RunningHawser server = RunningHawser.start(loader.loadClass("documented.Hello"));
				RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("world")).message().text()).isEqualTo("Hello, world");
		}
	}

	/** With the configuration that stands before it, but for tokens. */
	@Test
	void servesOneHub() throws Exception {
		Page page = Page.read("docs/hubs-and-limits.md");
		Class<?> chat = compiled("Chat", page.block("@ForHub"));
		JsonNode configuration = new ObjectMapper().valueToTree(new Yaml().<Map<String, Object>>load(page.block("path: /chat")));
		String path = configuration.at("/hawser/hubs/chat/path").asText();
		try (RunningHawser server = RunningHawser.start(chat, "hawser.hubs.chat.path=" + path, "hawser.hubs.default.callbacks=none");
				RawClient inHub = RawClient.connect(server.port()).upgrade(path);
				RawClient outside = server.connect()) {
			inHub.send(RawFrame.text("Hello"));
			assertThat(inHub.message().text()).isEqualTo("Hello");
			outside.send(RawFrame.text("Hello"));
			assertThat(outside.message().closeReason()).isEqualTo("no callback");
		}
	}

	@Test
	void compileWithClients() throws Exception {
		assertThat(compiled("Sends", "class Sends { void all(Clients clients, java.util.Set<String> ids, Frame frame) {\n"
				+ "String sender = \"node-1\";\n" + CALLBACKS.block("clients.permit(") + "} }")).isNotNull();
	}

	@Test
	void obeyTheBuiltInChecks() throws Exception {
		Class<?> door = compiled("Obedient", """
				@Component
				public class Obedient implements OnHandShake, OnMessage {
					public void onHandShake(HandshakeRequest request, HandshakeResponse response) {
						%s
					}
					public void onMessage(WebSocketServer server, Frame frame) { }
				}
				""".formatted(Page.read("docs/from-swoole.md").block("request.rejection().ifPresentOrElse")));
		try (RunningHawser server = RunningHawser.startSecure(door)) {
			try (RawClient stranger = RawClient.connect(server.port())) {
				RawClient.Response response = stranger.request(RawClient.handshake("/ws")).response();
				assertThat(response.status()).isEqualTo(401);
				assertThat(response.header("WWW-Authenticate")).startsWith("Bearer");
			}
			try (RawClient client = RawClient.connect(server.port())) {
				client.upgrade("/ws?access_token=" + RunningHawser.token());
			}
		}
	}

	/** {@code src/api/check} builds a project outside of this source with this file. */
	@Test
	void areBuiltWithAProjectOfTheReadersOwn() throws IOException {
		String pom = CALLBACKS.block("<project");
		String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<artifactId>hawser</artifactId>\\s*<version>([^<]+)<.*",
				"$1");
		assertThat(List.of(pom.split("<version>" + version + "</version>", -1))).as("the version of this source, twice").hasSize(3);
		assertThat(Files.readString(Path.of("src/api/check"))).contains("docs/callbacks.md");
	}
}
