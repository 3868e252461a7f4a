package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each link of the documentation leads to a file and a heading that exist. */
class LinkTests {
	static Stream<Page> pages() {
		return Page.all();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void leadSomewhere(Page page) {
		List<String> broken = new ArrayList<>();
		for (String link : page.links()) {
			if (!link.startsWith("http://") && !link.startsWith("https://") && !exists(page, link)) {
				broken.add(link);
			}
		}
		assertThat(broken).as("broken links in %s", page).isEmpty();
	}

	private static boolean exists(Page page, String link) {
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? page.file()
				: Objects.requireNonNullElse(page.file().getParent(), Path.of("")).resolve(parts[0]).normalize();
		return Files.exists(target) && (parts.length == 1 || Page.read(target.toString()).anchors().contains(parts[1]));
	}

	/** A page that no other page names is not found. */
	@Test
	void namesEachPageOfTheDocumentation() {
		String start = Page.read("README.md").text();
		assertThat(Page.all().map(Page::toString).filter(file -> file.startsWith("docs/"))).isNotEmpty()
				.allSatisfy(file -> assertThat(start).contains("](" + file + ")"));
	}
}
