package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Packages from npm for a test. */
public final class NodePackages {
	/** Whether Node and npm are there. */
	public static final boolean CAN_BE_INSTALLED = Program.onPath("node").isPresent() && Program.onPath("npm").isPresent();

	private static final String LOCK_FILE = "package-lock.json";
	private static final ReentrantLock LOCK = new ReentrantLock();

	private NodePackages() {
	}

	/**
	 * Installs exactly what the lock file of a folder says, once, in a folder outside of the sources. All files of the first folder are copied
	 * there, so that they find the packages.
	 */
	public static void install(Path source, Path target) throws IOException, InterruptedException {
		LOCK.lock(); // another test may install the same packages
		try {
			installOnce(source, target);
		}
		finally {
			LOCK.unlock();
		}
	}

	private static void installOnce(Path source, Path target) throws IOException, InterruptedException {
		Files.createDirectories(target);
		boolean done = Files.exists(target.resolve("node_modules/.package-lock.json"))
				&& Files.mismatch(target.resolve(LOCK_FILE), source.resolve(LOCK_FILE)) == -1;
		for (Path file : files(source)) {
			Path copy = target.resolve(source.relativize(file));
			if (!Files.exists(copy) || Files.mismatch(file, copy) != -1) { // a program may be reading the copy
				Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		if (done) {
			return;
		}
		try (Program npm = Program.start(target, Map.of(), "npm", "ci", "--ignore-scripts")) {
			assertThat(npm.exitCode()).as(npm.output()).isZero();
		}
	}

	private static List<Path> files(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}
}
