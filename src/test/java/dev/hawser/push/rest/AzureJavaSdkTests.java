package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.MavenLibraries;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The unmodified SDK of Azure Web PubSub for backends in Java. What it does is in {@code src/test/maven/push/Sdk.java}. */
class AzureJavaSdkTests {
	private static final Path SOURCE = Path.of("src/test/maven/push");

	private static void run(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", MavenLibraries.classPath(SOURCE.resolve("pom.xml"), Path.of("target/java-push")),
				"Sdk.java"));
		command.addAll(List.of(arguments));
		try (Program sdk = Program.start(SOURCE, Map.of(), command.toArray(String[]::new))) {
			assertThat(sdk.exitCode()).as(sdk.output()).isZero();
			assertThat(sdk.output()).endsWith("passed\n");
		}
	}

	@Test
	void doesEverythingWithAConnectionString() throws Exception {
		try (RunningHawser server = RunningHawser.startAsConfigured(NoCallbacks.class, "hawser.push.key=" + PushTokens.KEY,
				"hawser.push.on-client-port=true", "hawser.hubs.chat.callbacks=none")) {
			run("Endpoint=http://127.0.0.1;Port=" + server.port() + ";AccessKey=" + PushTokens.KEY + ";Version=1.0;");
		}
	}

	/** Callers reach the operations' port at an address of their own; the connection string has the URL for clients. */
	@Test
	void goesThroughAReverseProxy() throws Exception {
		try (RunningHawser server = RunningHawser.startSecure(Echo.class, "hawser.push.key=" + PushTokens.KEY,
				"hawser.hubs.chat.callbacks=none", "hawser.public-url=https://chat.example.com")) {
			run("Endpoint=https://chat.example.com;AccessKey=" + PushTokens.KEY + ";Version=1.0;",
					"http://127.0.0.1:" + server.operationsPort());
		}
	}
}
