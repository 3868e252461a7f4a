package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Libraries for a program of a test, from Maven's repository. They are not on the class path of the tests, where their versions and those of
 * the server would be in each other's way.
 */
public final class MavenLibraries {
	private static final ReentrantLock LOCK = new ReentrantLock();

	private MavenLibraries() {
	}

	/** The class path of exactly what this project needs, which is kept in the folder; Maven is asked once, until the project changes. */
	public static String classPath(Path pom, Path target) throws IOException, InterruptedException {
		LOCK.lock(); // another test may ask for the same
		try {
			Files.createDirectories(target);
			Path asked = target.resolve("pom.xml");
			Path answer = target.resolve("classpath").toAbsolutePath();
			if (!Files.exists(answer) || Files.mismatch(asked, pom) != -1 || !allExist(Files.readString(answer))) {
				ask(pom, answer);
				Files.writeString(asked, Files.readString(pom));
			}
			return Files.readString(answer);
		}
		finally {
			LOCK.unlock();
		}
	}

	private static boolean allExist(String classPath) {
		return Stream.of(classPath.split(File.pathSeparator)).allMatch(jar -> Files.exists(Path.of(jar)));
	}

	private static void ask(Path pom, Path answer) throws IOException, InterruptedException {
		try (Program maven = Program.start(Path.of("."), Map.of("JAVA_HOME", System.getProperty("java.home")),
				Path.of("mvnw").toAbsolutePath().toString(), "-B", "-ntp", "-q", "-f", pom.toString(), "dependency:build-classpath",
				"-Dmdep.outputFile=" + answer)) {
			assertThat(maven.exitCode()).as(maven.output()).isZero();
		}
	}
}
