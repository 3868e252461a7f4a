package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, in Markdown. */
record Page(Path file, String text) {
	private static final Pattern BLOCK = Pattern.compile("^```([a-z]*)\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
	private static final Pattern CODE = Pattern.compile("`[^`\n]*`");

	/** A block of code, in the language that its fence names. */
	record Block(String language, String code) {
	}

	static Page read(String file) {
		try {
			return new Page(Path.of(file), Files.readString(Path.of(file)));
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Every page of the source, apart from what builds leave behind. */
	static Stream<Page> all() {
		try (Stream<Path> files = Files.walk(Path.of(""))) {
			return files.filter(file -> file.toString().endsWith(".md"))
					.filter(file -> !Pattern.compile("(^|/)(target|node_modules|\\.[a-z]+)/").matcher(file.toString()).find())
					.map(file -> read(file.toString())).toList().stream();
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	List<Block> blocks() {
		return BLOCK.matcher(text).results().map(found -> new Block(found.group(1), found.group(2))).toList();
	}

	/** The only block of the page with this line or part of a line. */
	String block(String part) {
		List<String> found = blocks().stream().map(Block::code).filter(code -> code.contains(part)).toList();
		assertThat(found).as("blocks with %s in %s", part, file).hasSize(1);
		return found.getFirst();
	}

	/** Where links in the page lead; what stands in code is none. */
	List<String> links() {
		String prose = CODE.matcher(BLOCK.matcher(text).replaceAll("")).replaceAll("");
		return LINK.matcher(prose).results().map(found -> found.group(1)).toList();
	}

	/** The names of the page's headings in links, as GitHub makes them. */
	Set<String> anchors() {
		Set<String> anchors = new LinkedHashSet<>();
		Map<String, Integer> times = new HashMap<>();
		for (MatchResult heading : HEADING.matcher(BLOCK.matcher(text).replaceAll("")).results().toList()) {
			String anchor = anchor(heading);
			int earlier = times.merge(anchor, 1, Integer::sum) - 1;
			anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
		}
		return anchors;
	}

	private static String anchor(MatchResult heading) {
		return heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
	}

	@Override
	public String toString() {
		return file.toString();
	}
}
