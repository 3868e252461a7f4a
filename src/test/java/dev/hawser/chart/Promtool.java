package dev.hawser.chart;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prometheus' own checker, as Debian's package {@code prometheus} installs it. */
final class Promtool {
	/** What promtool printed, and its exit code: 0 when all is well. */
	record Verdict(int code, String output) {
	}

	private Promtool() {
	}

	static boolean isInstalled() {
		return Program.onPath("promtool").isPresent() && Program.onPath("prometheus").isPresent();
	}

	/** Skips the test where promtool is not installed. */
	static void assumeInstalled() {
		assumeTrue(isInstalled(), "promtool and prometheus are not installed (Debian: apt-get install prometheus)");
	}

	static Verdict run(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("promtool"));
		command.addAll(List.of(arguments));
		return verdict(command);
	}

	/** Metrics in Prometheus' format, as a server answers. */
	static Verdict checkMetrics(Path metrics) throws IOException, InterruptedException {
		return verdict(List.of("sh", "-c", "promtool check metrics < \"$0\"", metrics.toString()));
	}

	private static Verdict verdict(List<String> command) throws IOException, InterruptedException {
		try (Program program = Program.start(Path.of("").toAbsolutePath(), Map.of(), command.toArray(String[]::new))) {
			return new Verdict(program.exitCode(), program.output());
		}
	}
}
