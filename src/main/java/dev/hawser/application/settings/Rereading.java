package dev.hawser.application.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the configuration again, and refuses files that are being changed at this moment: one that was there and is gone, one that has
 * become empty, one that is changed while it is read, and one that ends in the middle of a line that was whole before. What they leave
 * out would be back at its default.
 */
final class Rereading implements Supplier<ReadSettings> {
	/** The names that Spring Boot gives to what it reads from files and from folders with a file for each property. */
	private static final Pattern SOURCE = Pattern.compile("Config (?:resource 'file \\[(?<file>[^]]*)]'|tree '(?<tree>[^']*)').*");

	/** A file that is replaced as a whole is the same before and after reading it at the latest the second time. */
	private static final int ATTEMPTS = 3;

	private final ConfigurableEnvironment running;
	private final SettingsReader reader;
	private Set<String> places;
	private Map<String, String> contents;

	Rereading(ConfigurableEnvironment running, SettingsReader reader) {
		this.running = running;
		this.reader = reader;
		this.places = places(running);
		this.contents = contents(places);
	}

	@Override
	public ReadSettings get() {
		for (int attempt = 1;; attempt++) {
			Map<String, String> before = contents(places);
			ConfigurableEnvironment fresh = RereadEnvironment.like(running);
			Set<String> freshPlaces = places(fresh);
			Map<String, String> after = contents(freshPlaces);
			if (attempt == ATTEMPTS || places.stream().allMatch(place -> Objects.equals(before.get(place), after.get(place)))) {
				check(freshPlaces, before, after);
				ReadSettings read = reader.read(fresh);
				places = freshPlaces;
				contents = after;
				return read;
			}
		}
	}

	private void check(Set<String> freshPlaces, Map<String, String> before, Map<String, String> after) {
		for (String place : places) {
			require(freshPlaces.contains(place), place, "was read before and is gone, or has become empty");
			require(Objects.equals(before.get(place), after.get(place)), place, "is being written at this moment");
			require(!isCut(after.getOrDefault(place, ""), contents.getOrDefault(place, "")), place,
					"ends in the middle of a line that was longer before");
		}
	}

	private static boolean isCut(String fresh, String before) {
		String last = fresh.substring(fresh.lastIndexOf('\n') + 1);
		return !last.isEmpty() && before.endsWith("\n") && before.lines().anyMatch(line -> line.startsWith(last));
	}

	private static void require(boolean fine, String place, String what) {
		if (!fine) {
			throw new IllegalArgumentException(SettingsReader.ROOT + ".* cannot be read anew: " + place + ' ' + what + ".");
		}
	}

	private static Set<String> places(ConfigurableEnvironment environment) {
		return environment.getPropertySources().stream().map(source -> SOURCE.matcher(source.getName())).filter(Matcher::matches)
				.map(source -> source.group("file") != null ? source.group("file") : source.group("tree"))
				.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/** Of files; a folder counts as empty, since each of its files is replaced as a whole. */
	private static Map<String, String> contents(Set<String> places) {
		Map<String, String> contents = new HashMap<>();
		for (String place : places) {
			contents.put(place, content(Path.of(place)));
		}
		return contents;
	}

	private static String content(Path file) {
		try {
			return Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
		}
		catch (IOException e) {
			return "";
		}
	}
}
