package dev.hawser.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Headless Chromium. A page in it tells a test how it went by a request of its own. */
public final class Chromium {
	private static final Optional<Path> PROGRAM = Program.onPath("chromium", "chromium-browser", "google-chrome");
	/** Whether the machine has it. */
	public static final boolean IS_INSTALLED = PROGRAM.isPresent();
	/** Its program; empty when the machine has none. */
	public static final String PATH = PROGRAM.map(Path::toString).orElse("");
	/** What to say when it is missing, without the consequence. */
	public static final String MISSING = "No browser is installed (program chromium, chromium-browser or google-chrome)";

	private Chromium() {
	}

	/** Opens a page in a browser of its own, with a new profile and no network but this machine. */
	public static Program open(String url) throws IOException {
		Path profile = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium-");
		return Program.start(profile, Map.of("HOME", profile.toString()), PROGRAM.orElseThrow().toString(), "--headless", "--no-sandbox",
				"--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
				"--disable-component-update", "--disable-sync", "--disable-extensions",
				"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1", "--user-data-dir=" + profile, url);
	}
}
