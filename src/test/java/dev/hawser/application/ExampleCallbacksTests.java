package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/chat-java}: it compiles, its own tests pass, it chats, and its wrapper is the one of this project. */
class ExampleCallbacksTests {
	private static final Path FOLDER = Path.of("examples/chat-java");
	private static final String CHAT = "com/example/chat/Chat";
	private static final String TESTS = "com/example/chat/ChatTests";

	@TempDir
	private static Path classes;
	private static URLClassLoader loader;

	@BeforeAll
	static void compile() throws IOException {
		new CallbackJarBuilder(classes).compile(Map.of(CHAT, source("main", CHAT), TESTS, source("test", TESTS)));
		loader = new URLClassLoader(new URL[] { classes.toUri().toURL() });
	}

	@AfterAll
	static void close() throws IOException {
		loader.close();
	}

	private static String source(String kind, String name) throws IOException {
		return Files.readString(FOLDER.resolve("src").resolve(kind).resolve("java").resolve(name + ".java"));
	}

	private static Class<?> load(String name) {
		try {
			return loader.loadClass(name.replace('/', '.'));
		}
		catch (ClassNotFoundException e) {
			throw new AssertionError(e);
		}
	}

	@Test
	void passesItsOwnTests() throws Exception {
		Constructor<?> constructor = load(TESTS).getDeclaredConstructor();
		constructor.setAccessible(true);
		List<Method> tests = Arrays.stream(load(TESTS).getDeclaredMethods()).filter(method -> method.isAnnotationPresent(Test.class))
				.toList();
		assertThat(tests).hasSize(3);
		for (Method test : tests) {
			test.setAccessible(true);
			test.invoke(constructor.newInstance());
		}
	}

	@Test
	void chats() throws Exception {
		try (RunningHawser server = RunningHawser.startAsConfigured(load(CHAT))) {
			try (RawClient stranger = RawClient.connect(server.port())) {
				assertThat(stranger.request(RawClient.handshake("/ws")).response().body()).isEqualTo("Say your name: ?name=ann");
			}
			try (RawClient ann = RawClient.connect(server.port()).upgrade("/ws?name=ann")) {
				try (RawClient bob = RawClient.connect(server.port()).upgrade("/ws?name=bob")) {
					bob.send(RawFrame.text("Hello"));
					assertThat(bob.message().text()).isEqualTo("bob: Hello");
					assertThat(ann.message().text()).isEqualTo("bob: Hello");
					bob.send(RawFrame.close(1000, ""));
					assertThat(ann.message().text()).isEqualTo("bob has left");
				}
			}
		}
	}

	@Test
	void hasTheWrapperOfThisProject() throws IOException {
		for (String file : List.of("mvnw", "mvnw.cmd", ".mvn/wrapper/maven-wrapper.properties")) {
			assertThat(Files.readString(FOLDER.resolve(file))).isEqualTo(Files.readString(Path.of(file)));
		}
		assertThat(FOLDER.resolve("mvnw")).isExecutable();
	}

	@Test
	void usesTheVersionOfThisProject() throws IOException {
		String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<artifactId>hawser</artifactId>\\s*<version>([^<]+)<.*",
				"$1");
		assertThat(Files.readString(FOLDER.resolve("pom.xml"))).contains("<hawser.version>" + version + "</hawser.version>");
	}
}
