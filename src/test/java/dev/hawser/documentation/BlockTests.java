package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every block of code in the documentation is run: the list beside this class says by which test, or by what else. A new block fails until
 * it is in the list, and a line of the list fails when its block has gone.
 */
class BlockTests {
	private static final Path LIST = Path.of("src/test/resources/documented-blocks.txt");
	private static final Pattern TEST = Pattern.compile("\\w+(Tests|IT)");
	private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--([a-z][a-z-]+)");
	private static final Pattern CLASS = Pattern.compile("\\b[A-Z][a-z]+[A-Z]\\w+\\b");

	@TempDir
	private Path folder;

	/**
	 * A line of the list.
	 *
	 * @param page which has the block
	 * @param part of the block's text; {@code *} for each block that no line before has
	 * @param by   the test that runs it, or a word that this class knows
	 */
	record Claim(String page, String part, String by) {
		boolean isFor(Located block) {
			return block.page().toString().equals(page) && (part.equals("*") || block.code().contains(part));
		}
	}

	/** A block and the page that it is on. */
	record Located(Page page, Page.Block block) {
		String code() {
			return block.code();
		}

		@Override
		public String toString() {
			return page + ": " + code().lines().findFirst().orElse("");
		}
	}

	private static List<Claim> claims() {
		try {
			return Files.readAllLines(LIST).stream().filter(line -> !line.isBlank() && !line.startsWith("#"))
					.map(line -> line.split(" \\| ", -1)).map(cells -> new Claim(cells[0].strip(), cells[1].strip(), cells[2].strip()))
					.toList();
		}
		catch (IOException e) {
			throw new AssertionError(e);
		}
	}

	static Stream<Located> blocks() {
		return Page.all().flatMap(page -> page.blocks().stream().map(block -> new Located(page, block)));
	}

	private static Stream<Located> by(String what) {
		return blocks()
				.filter(block -> claims().stream().filter(claim -> claim.isFor(block)).limit(1).anyMatch(one -> one.by().equals(what)));
	}

	static Stream<Located> inShell() {
		return blocks().filter(block -> Set.of("sh", "bash").contains(block.block().language()));
	}

	static Stream<Located> scripts() {
		return by("script");
	}

	static Stream<Located> inContinuousIntegration() {
		return by(".ci/run");
	}

	static Stream<Located> diagrams() {
		return by("diagram");
	}

	@Test
	void areEachInTheList() {
		List<String> unclaimed = new ArrayList<>();
		Set<Claim> used = new HashSet<>();
		for (Located block : blocks().toList()) {
			claims().stream().filter(claim -> claim.isFor(block)).findFirst().ifPresentOrElse(used::add,
					() -> unclaimed.add(block.toString()));
		}
		assertThat(unclaimed).as("blocks that nothing runs; say in %s what does", LIST).isEmpty();
		assertThat(claims()).as("lines of %s without a block", LIST).allMatch(used::contains);
	}

	/** Whatever is not in a language that runs is output, a picture, or needs what no test has; each such block stands in the list by name. */
	@Test
	void areRunByTestsThatReadTheirPage() throws IOException {
		for (Claim claim : claims()) {
			if (TEST.matcher(claim.by()).matches()) {
				try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
					Path test = files.filter(file -> file.endsWith(claim.by() + ".java")).findFirst().orElse(LIST);
					assertThat(Files.readString(test)).as("%s for %s", claim.by(), claim)
							.contains(Path.of(claim.page()).getFileName().toString());
				}
			}
			else {
				assertThat(claim.by()).as(claim.toString()).isIn("script", ".ci/run", "diagram", "output", "maven", "docker", "cluster");
				assertThat(claim.part()).as("only by name").isNotEqualTo("*");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("inShell")
	void areBash(Located block) throws Exception {
		Shell.needs("bash");
		Path file = Files.writeString(folder.resolve("block.sh"), block.code());
		assertThat(Shell.run(folder, Map.of(), "bash -n " + file)).isEmpty();
	}

	/** A program of this source, with options that it has. */
	@ParameterizedTest
	@MethodSource("scripts")
	void nameAScriptAndItsOptions(Located block) throws IOException {
		for (String line : block.code().lines().toList()) {
			String script = Stream.of(line.split(" ", -1)).filter(word -> word.matches("(bench|faults|conformance|fuzz|image)/\\w+"))
					.findFirst()
					.orElseThrow();
			assertThat(Path.of(script)).isExecutable();
			String source = Files.readString(Path.of(script));
			String command = line.replaceAll(" +# .*", "");
			assertThat(OPTION.matcher(command).results().map(MatchResult::group)).as(line).allMatch(source::contains);
		}
	}

	/** What CI runs on a clean checkout, word by word but for flags that make Maven quiet. */
	@ParameterizedTest
	@MethodSource("inContinuousIntegration")
	void areCommandsOfContinuousIntegration(Located block) throws IOException {
		String all = Files.readString(Path.of(".ci/run")).replaceAll(" -(B|ntp|q)\\b", "");
		assertThat(block.code().lines()).allMatch(all::contains);
	}

	@ParameterizedTest
	@MethodSource("diagrams")
	void showClassesThatExist(Located block) throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			List<String> classes = files.map(file -> String.valueOf(file.getFileName()).replace(".java", "")).toList();
			assertThat(CLASS.matcher(block.code()).results().map(MatchResult::group)).isNotEmpty()
					.allMatch(name -> classes.contains(name) || name.equals("HandshakeCheck"));
		}
	}

	/** Phases of Maven's lifecycle, and tests that exist. */
	@Test
	void nameTestsThatExist() {
		by("maven").forEach(block -> {
			assertThat(block.code().lines()).allMatch(line -> line.matches("(\\.\\./\\.\\.|\\.)/mvnw( -DskipTests| -Dtest='[\\w,]+')?"
					+ " ?(package|install|verify|test|test-compile)?( -Dtest='[\\w,]+'| && bench/startup)?( +#.*)?"));
			Pattern.compile("\\w+Tests\\b").matcher(block.code()).results().map(MatchResult::group)
					.filter(name -> !name.equals("DskipTests"))
					.forEach(name -> assertThat(exists(name)).as(name).isTrue());
		});
	}

	private static boolean exists(String test) {
		try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
			return files.anyMatch(file -> file.endsWith(test + ".java"));
		}
		catch (IOException e) {
			throw new AssertionError(e);
		}
	}

	/** They cannot run here: only the programs that they call are looked at. */
	@Test
	void callTheImageOrTheClusterOnly() {
		assertThat(by("docker").flatMap(block -> block.code().lines())).isNotEmpty().allMatch(line -> line.startsWith("docker "));
		assertThat(by("cluster").flatMap(block -> block.code().lines())).isNotEmpty().allMatch(line -> line.startsWith("kubectl "));
	}

	/** What a program prints has no language. */
	@Test
	void haveALanguageUnlessTheyAreOutput() {
		assertThat(by("output")).isNotEmpty().allMatch(block -> block.block().language().isEmpty());
	}
}
