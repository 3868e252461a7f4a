package dev.hawser.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that a fuzz target begins with. */
public final class FuzzSeeds {
	private FuzzSeeds() {
	}

	/** @param target as {@code fuzz/run} names it */
	public static List<Path> of(String target) throws IOException {
		try (Stream<Path> files = Files.list(Path.of("fuzz/corpus", target))) {
			return files.sorted().toList();
		}
	}
}
