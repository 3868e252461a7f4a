package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each sentence with which a start fails is in docs/troubleshooting.md, and that page has no sentence that the server does not say. */
class StartFailureTests {
	private static final Pattern FAILURE = Pattern.compile("new (?:InvalidCallbacksException|FailureAnalysis)\\(([^;]*);");
	private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
	private static final Pattern ROW = Pattern.compile("^\\| ([^|]*`[^|]*) \\|", Pattern.MULTILINE);
	/** Not told by the server, or told by it with more words around. */
	private static final List<String> ELSEWHERE = List.of("UnsupportedClassVersionError", "hawser.");

	private static List<String> sources() {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			List<String> all = new ArrayList<>();
			for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
				all.add(Files.readString(file));
			}
			return all;
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static String section() {
		return Page.read("docs/troubleshooting.md").text().split("\n## The server does not start\n", -1)[1].split("\n## ", -1)[0];
	}

	/** What is certain in a sentence: the longest text in the code before the remedy, which begins with a capital letter. */
	private static Stream<String> certain(String arguments) {
		String sentence = arguments.split("(?<=[\")]),\\s+\"(?=[A-Z])", 2)[0];
		return LITERAL.matcher(sentence).results().map((MatchResult literal) -> literal.group(1))
				.map(literal -> literal.replaceAll("^[^A-Za-z]+|[^A-Za-z]+$", "")).max(Comparator.comparingInt(String::length)).stream()
				.filter(literal -> literal.length() > 10);
	}

	@Test
	void areAllExplained() {
		List<String> told = sources().stream().flatMap(source -> FAILURE.matcher(source).results()).map(found -> found.group(1))
				.filter(arguments -> !arguments.matches("(?s)[a-z]\\w*,.*")) // a sentence with a name, which the other test looks for
				.flatMap(StartFailureTests::certain)
				.toList();
		assertThat(told).hasSizeGreaterThan(15);
		String page = section();
		assertThat(told).allSatisfy(sentence -> assertThat(page).contains(sentence));
	}

	@Test
	void areRealSentences() {
		List<String> literals = sources().stream().flatMap(source -> LITERAL.matcher(source.replaceAll("\"\\s*\\+\\s*\"", "")).results())
				.map(literal -> literal.group(1)).toList();
		List<String> sentences = ROW.matcher(section()).results()
				.flatMap(row -> Pattern.compile("`([^`]+)`").matcher(row.group(1)).results())
				.map(found -> found.group(1)).filter(sentence -> ELSEWHERE.stream().noneMatch(sentence::equals)).toList();
		assertThat(sentences).hasSizeGreaterThan(20).allSatisfy(sentence -> {
			String longest = Stream.of(sentence.split("…|, |'[^' ]*'|9501|clients|\\b2\\b|26|25|OnOpen", -1)).map(String::strip)
					.max(Comparator.comparingInt(String::length)).orElseThrow();
			String part = longest.replaceAll("^[^A-Za-z]+|[^A-Za-z]+$", "");
			assertThat(literals).as(sentence).anyMatch(literal -> literal.contains(part));
		});
	}
}
