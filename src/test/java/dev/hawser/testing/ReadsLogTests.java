package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.commons.support.AnnotationSupport;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

@Isolated("sets the level that the log of the whole JVM has")
class ReadsLogTests {

	@ReadsLog
	static class One {
	}

	static class Inheriting extends One {
	}

	/** Or starting a server would set the log up again, for those that run too. */
	@Test
	void readsOneLogOfAllServers() {
		assertThat(LoggingSystem.get(getClass().getClassLoader())).isInstanceOf(OneLog.class)
				.isSameAs(LoggingSystem.get(getClass().getClassLoader()));
	}

	@Test
	void forgetsTheLevelOfAServerThatStops() {
		LoggingSystem log = LoggingSystem.get(getClass().getClassLoader());
		log.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
		log.cleanUp();
		assertThat(log.getLoggerConfiguration(LoggingSystem.ROOT_LOGGER_NAME)).isNotNull()
				.satisfies(root -> assertThat(root.getEffectiveLevel()).isEqualTo(LogLevel.INFO));
	}

	@Test
	void runsAloneWhateverTheClassThatItIsOn() {
		assertThat(AnnotationSupport.isAnnotated(One.class, Isolated.class)).isTrue();
		assertThat(AnnotationSupport.isAnnotated(Inheriting.class, Isolated.class)).isTrue();
	}

	/** With Spring Boot's extension alone a class would read the lines of those beside it. */
	@Test
	void isTheOnlyWayToTheLog() throws IOException {
		String extension = "OutputCapture" + "Extension";
		try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
			List<Path> users = files.filter(Files::isRegularFile).filter(file -> contains(file, extension)).toList();
			assertThat(users).extracting(Path::getFileName).containsExactly(Path.of("ReadsLog.java"));
		}
	}

	private static boolean contains(Path file, String text) {
		try {
			return Files.readString(file).contains(text);
		}
		catch (IOException e) {
			throw new IllegalStateException(e);
		}
	}
}
