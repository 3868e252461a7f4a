package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Jars that the server accepts at its start, and the messages about jars that it refuses. */
@ReadsLog
class CallbackJarsTests {
	private static final String ECHO = """
			package com.example.%s;

			@org.springframework.stereotype.Component
			class %s implements dev.hawser.api.OnMessage {
				@Override
				public void onMessage(dev.hawser.api.WebSocketServer server, dev.hawser.api.Frame frame) {
					server.push(frame.fd(), "%1$s: " + frame.text());
				}
			}
			""";
	private static final String COMPONENT = """
			package com.example.%s;

			@org.springframework.stereotype.Component
			public class %s {
			}
			""";
	private static final String QUALIFIED = """
			package com.example.qualified;

			@org.springframework.stereotype.Component
			class Uses {
				Uses(@org.springframework.beans.factory.annotation.Qualifier("paint") Colour colour) {
					if (!(colour instanceof Paint)) {
						throw new IllegalStateException();
					}
				}
			}

			interface Colour {
			}

			@org.springframework.stereotype.Component
			class Paint implements Colour {
			}

			@org.springframework.stereotype.Component
			class Ink implements Colour {
			}
			""";
	/**
	 * Records for each of its methods whether the thread's class loader finds the other classes of its jar, and counts events of the
	 * context.
	 */
	private static final String WITNESS = """
			package com.example.witness;

			import dev.hawser.api.*;
			import org.springframework.boot.context.event.ApplicationReadyEvent;
			import org.springframework.context.event.*;

			@org.springframework.web.bind.annotation.RestController
			@org.springframework.context.annotation.Lazy(false)
			class Witness implements OnOpen, OnMessage, OnClose {
				private static final java.util.Queue<String> SEEN = new java.util.concurrent.ConcurrentLinkedQueue<>();

				static void note(String what) {
					SEEN.add(what + (finds(Thread.currentThread().getContextClassLoader()) ? "" : " WITHOUT ITS CLASSES"));
				}

				private static boolean finds(ClassLoader loader) {
					try {
						return Class.forName("com.example.witness.Witness", false, loader) == Witness.class;
					}
					catch (ClassNotFoundException e) {
						return false;
					}
				}

				public void onOpen(WebSocketServer server, HandshakeRequest request) {
					note("open");
					server.defer(() -> note("deferred in open"));
				}

				public void onMessage(WebSocketServer server, Frame frame) {
					note("message");
					server.push(frame.fd(), frame.text());
				}

				public void onClose(WebSocketServer server, long fd, org.springframework.web.socket.CloseStatus status,
						CloseInitiator initiator) {
					note("close");
				}

				@org.springframework.web.bind.annotation.GetMapping("/witness")
				String controller() {
					note("controller");
					return "seen";
				}

				@org.springframework.scheduling.annotation.Scheduled(fixedDelay = 20)
				void scheduled() {
					note("scheduled");
				}

				@org.springframework.context.event.EventListener
				void closed(ContextClosedEvent event) {
					note("context closed");
				}

				@org.springframework.context.event.EventListener
				void refreshed(ContextRefreshedEvent event) {
					note("context refreshed");
				}

				@Override
				public String toString() {
					return String.join(",", SEEN);
				}
			}

			@org.springframework.stereotype.Component
			@ForHub("asked")
			class Asked implements OnHandShake {
				public void onHandShake(HandshakeRequest request, HandshakeResponse response) {
					Witness.note("handshake");
					java.util.Optional.of(request).ifPresent(_ -> server.defer(() -> Witness.note("deferred in handshake")));
					response.accept();
				}

				private final WebSocketServer server;

				Asked(WebSocketServer server) {
					this.server = server;
				}
			}

			@org.springframework.stereotype.Component
			@ForHub("asked")
			@NonBlocking
			class Quick implements OnMessage {
				public void onMessage(WebSocketServer server, Frame frame) {
					Witness.note("nonblocking message");
					server.push(frame.fd(), frame.text());
				}
			}
			""";
	private static final String OLD = """
			package com.example.old;

			@org.springframework.stereotype.Component
			@dev.hawser.event.Hub("chat")
			class Old implements dev.hawser.event.OnMessage {
				@Override
				public dev.hawser.connection.SendResult onMessage(dev.hawser.event.WebSocketServer server) {
					return null;
				}
			}
			""";

	@TempDir
	private static Path temp;
	private static CallbackJarBuilder jars;

	@TempDir
	private Path folder;

	@BeforeAll
	static void compile() throws Exception {
		Map<String, String> sources = new LinkedHashMap<>();
		for (String one : List.of("one", "two")) {
			sources.put("com/example/" + one + "/Chat", ECHO.formatted(one, "Chat"));
		}
		for (String name : List.of("Connections", "Drain", "Hubs", "HawserConnections", "WebSocketServer", "TaskScheduler",
				"ErrorAttributes",
				"RequestUpgradeStrategy", "HawserConfiguration", "HealthEndpoint")) {
			sources.put("com/example/names/" + name, COMPONENT.formatted("names", name));
		}
		sources.put("com/example/qualified/Uses", QUALIFIED);
		sources.put("dev/hawser/event/Hub", "package dev.hawser.event;\npublic @interface Hub { String value(); }");
		sources.put("dev/hawser/event/WebSocketServer", "package dev.hawser.event;\npublic interface WebSocketServer {}");
		sources.put("dev/hawser/connection/SendResult", "package dev.hawser.connection;\npublic interface SendResult {}");
		sources.put("dev/hawser/event/OnMessage", "package dev.hawser.event;\npublic interface OnMessage {"
				+ " dev.hawser.connection.SendResult onMessage(WebSocketServer server); }");
		sources.put("com/example/old/Old", OLD);
		sources.put("com/example/witness/Witness", WITNESS);
		jars = new CallbackJarBuilder(temp.resolve("classes")).compile(sources);
	}

	private Path jar(String name, String within) throws IOException {
		Path jar = folder.resolve(name);
		jars.jar(jar, "com/example/" + within);
		return jar;
	}

	private static ConfigurableApplicationContext start(List<Path> places, List<Path> named, String... properties) {
		return start(CallbackJars.in(places, named, List.of()), properties);
	}

	private static ConfigurableApplicationContext start(CallbackJars callbacks, String... properties) {
		SpringApplication application = new SpringApplication(callbacks.resourceLoader(), HawserApplication.class);
		application.addInitializers(callbacks);
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1", "--management.server.port=0",
				"--management.server.address=127.0.0.1", "--hawser.handshake.token.required=false", "--hawser.drain.window=0s"));
		all.addAll(List.of(properties));
		return application.run(all.toArray(String[]::new));
	}

	/** A start leaves the class loader of the callbacks on the thread. */
	@AfterEach
	void restoreTheClassLoader() {
		Thread.currentThread().setContextClassLoader(CallbackJarsTests.class.getClassLoader());
	}

	private ConfigurableApplicationContext start() {
		return start(List.of(folder), List.of());
	}

	private static String answer(ConfigurableApplicationContext server) throws Exception {
		try (RawClient client = RawClient.connect(Objects.requireNonNull(((WebServerApplicationContext) server).getWebServer()).getPort())
				.upgrade("/ws")) {
			return client.send(RawFrame.text("hi")).message().text();
		}
	}

	@Test
	void takesComponentsOfAnyName() throws Exception {
		jar("one.jar", "one");
		jar("names.jar", "names");
		jar("qualified.jar", "qualified");
		try (ConfigurableApplicationContext server = start()) {
			assertThat(answer(server)).isEqualTo("one: hi");
			assertThat(server.getBeanDefinitionNames()).contains("com.example.names.Connections", "com.example.names.TaskScheduler");
		}
	}

	@Test
	void takesTwoClassesOfOneNameInTwoPackages(CapturedOutput log) throws Exception {
		jar("one.jar", "one");
		jar("two.jar", "two");
		fails(log, "There are 2 beans of type OnMessage: ", "com.example.one.Chat", "com.example.two.Chat");
	}

	private void fails(CapturedOutput log, String... sentences) {
		fails(List.of(folder), List.of(), log, sentences);
	}

	private static void fails(List<Path> places, List<Path> named, CapturedOutput log, String... sentences) {
		assertThatThrownBy(() -> start(places, named).close()).isNotNull();
		String report = log.getAll().substring(log.getAll().lastIndexOf("APPLICATION FAILED TO START"));
		assertThat(report).contains(sentences).doesNotContain("\tat ", "Exception");
	}

	/** ServiceLoader and DriverManager use the context class loader. */
	@Test
	void runsEveryPieceOfTheApplicationWithItsClassLoader() throws Exception {
		jar("witness.jar", "witness");
		Object witness;
		try (ConfigurableApplicationContext server = start(List.of(folder), List.of(), "--hawser.hubs.asked.path=/asked")) {
			witness = server.getBean("com.example.witness.Witness");
			int port = Objects.requireNonNull(((WebServerApplicationContext) server).getWebServer()).getPort();
			for (String path : List.of("/ws", "/asked")) {
				try (RawClient client = RawClient.connect(port).upgrade(path)) {
					assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("hi");
				}
				try (Http2Client client = Http2Client.connect(port)) {
					Http2Stream stream = client.webSocket(path);
					stream.send(RawFrame.text("hi"));
					assertThat(stream.frame().text()).isEqualTo("hi");
				}
			}
			try (RawClient client = RawClient.connect(port)) {
				assertThat(client.request("GET /witness HTTP/1.1", "Host: localhost").response().body()).isEqualTo("seen");
			}
			Awaitility.await()
					.untilAsserted(() -> assertThat(new HashSet<>(List.of(witness.toString().split(",")))).contains("open",
							"deferred in open",
							"message", "close", "controller", "scheduled", "handshake", "deferred in handshake", "nonblocking message"));
		}
		assertThat(witness.toString().split(",")).as("each once").containsOnlyOnce("context refreshed", "context closed");
		assertThat(witness.toString()).doesNotContain("WITHOUT");
	}

	@Test
	void refusesOneClassInTwoJars(CapturedOutput log) throws Exception {
		Path first = jar("chat-1.jar", "one");
		Path second = jar("chat-2.jar", "one");
		fails(log, first + " and " + second + " both have the class com.example.one.Chat");
	}

	@Test
	void refusesAWholeApplication(CapturedOutput log) throws Exception {
		Path jar = folder.resolve("app.jar");
		try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
			out.putNextEntry(new ZipEntry("BOOT-INF/"));
			out.putNextEntry(new ZipEntry("BOOT-INF/classes/"));
		}
		fails(log, jar + " is a whole Spring Boot application, with its classes in BOOT-INF.");
	}

	@Test
	void leavesOutTheNotesOfMacOs(CapturedOutput log) throws Exception {
		jar("one.jar", "one");
		Path notes = Files.write(folder.resolve("._one.jar"), new byte[] { 0, 5, 22, 7 });
		try (ConfigurableApplicationContext server = start()) {
			assertThat(answer(server)).isEqualTo("one: hi");
			assertThat(log).contains(notes + " is left out");
		}
	}

	@Test
	void warnsOfAFolderOfJarsThatIsNotRead(CapturedOutput log) throws Exception {
		Path read = Files.createDirectory(folder.resolve("read"));
		Path link = Files.createSymbolicLink(folder.resolve("link"), read);
		Path empty = Files.createDirectories(folder.resolve("empty/lib"));
		Path unread = Files.createDirectory(folder.resolve("unread"));
		jars.jar(read.resolve("one.jar"), "com/example/one");
		jars.jar(unread.resolve("two.jar"), "com/example/two");
		CallbackJars callbacks = CallbackJars.in(List.of(read.resolve("one.jar")), List.of(),
				List.of(read, link, empty.getParent(), folder.resolve("none"), unread, folder.resolve("empty/../unread")));
		try (ConfigurableApplicationContext server = start(callbacks)) {
			assertThat(answer(server)).isEqualTo("one: hi");
			assertThat(log.getAll().lines().filter(line -> line.contains("that are not read"))).singleElement().asString()
					.contains("WARN", "The folder " + unread.toRealPath() + " has jars", "callbacks come from " + read.toRealPath());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no jar at all" })
	void refusesAFileThatIsNotAJar(String content, CapturedOutput log) throws Exception {
		Path jar = Files.writeString(folder.resolve("chat.jar"), content);
		fails(log, jar + " cannot be read as a jar");
	}

	@Test
	void refusesADanglingLink(CapturedOutput log) throws Exception {
		Path link = Files.createSymbolicLink(folder.resolve("chat.jar"), folder.resolve("chat-1.2.jar"));
		fails(log, link + " is a link to a file that does not exist.");
	}

	@Test
	void refusesAJarForANewerJava(CapturedOutput log) throws Exception {
		Path jar = folder.resolve("new.jar");
		byte[] chat = Files.readAllBytes(temp.resolve("classes/com/example/one/Chat.class"));
		chat[7] = 99; // the major version: Java 55
		try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
			out.putNextEntry(new ZipEntry("com/example/one/Chat.class"));
			out.write(chat);
		}
		fails(log, jar + " is compiled for Java 55, but the server runs on Java " + Runtime.version().feature() + ".");
	}

	@Test
	void saysWhatToChangeInOldCallbacks(CapturedOutput log) throws Exception {
		Path jar = jar("old.jar", "old");
		fails(log, jar + " is compiled against an older Hawser: dev.hawser.connection.SendResult is now dev.hawser.api.SendResult,"
				+ " dev.hawser.event.Hub is now dev.hawser.api.ForHub, dev.hawser.event.OnMessage is now dev.hawser.api.OnMessage,"
				+ " dev.hawser.event.WebSocketServer is now dev.hawser.api.WebSocketServer.");
	}

	@Test
	void refusesALoaderPathThatIsNotThere(CapturedOutput log) {
		Path place = folder.resolve("callbaks");
		fails(List.of(place), List.of(place), log, "LOADER_PATH names " + place + ", which does not exist.");
	}

	@Test
	void refusesALoaderPathWithoutComponents(CapturedOutput log) throws Exception {
		Path empty = Files.createDirectory(folder.resolve("empty"));
		jar("one.jar", "one");
		List<Path> places = List.of(folder.resolve("one.jar"), empty);
		fails(places, places, log, "LOADER_PATH names " + empty + ", which brings no component.");
	}
}
