package dev.hawser.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionTests {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', textBlock = """
			room,      room,        true
			room,      Room,        false
			room,      roo,         false
			room,      rooms,       false
			*,         room,        true
			*,         ``,          true
			*,         a.b,         false
			**,        a.b,         true
			***,       a.b,         true
			a.*,       a.,          true
			a.*,       a.b,         true
			a.*,       a.b.c,       false
			a.**,      a.b.c,       true
			*.c,       a.b.c,       false
			**.c,      a.b.c,       true
			**.c,      .c,          true
			a?c,       abc,         true
			a?c,       a.c,         false
			a?c,       ac,          false
			?,         ``,          false
			a*b*c,     aXbYbZc,     true
			a\\*b,     a*b,         true
			a\\*b,     aXb,         false
			a\\?,      a?,          true
			a\\\\,     a\\,         true
			a\\,       a\\,         false
			a\\b,      ab,          false
			``,        ``,          false
			""")
	void matchesGroupsByPattern(String pattern, String group, boolean matches) {
		assertThat(GroupPattern.matches(pattern, group)).isEqualTo(matches);
	}

	@Test
	void matchesAsARegularExpressionWould() {
		Random random = new Random(7);
		for (int i = 0; i < 20_000; i++) {
			String pattern = some(random, "ab.*?", 6);
			String name = some(random, "ab.", 6);
			String regex = pattern.replace(".", "\\.").replaceAll("\\*\\*+", "#").replace("*", "[^.]*").replace("?", "[^.]").replace("#",
					".*");
			assertThat(GroupPattern.matches(pattern, name)).as("%s of %s", pattern, name)
					.isEqualTo(!pattern.isEmpty() && Pattern.matches(regex, name));
		}
	}

	private static String some(Random random, String letters, int most) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(most + 1); i > 0; i--) {
			text.append(letters.charAt(random.nextInt(letters.length())));
		}
		return text.toString();
	}

	@Test
	void takesNoTimeForHostilePatterns() {
		String pattern = "a*".repeat(512);
		Assertions.assertTimeout(Duration.ofSeconds(30), () -> assertThat(GroupPattern.matches(pattern, "a".repeat(1023) + "b")).isTrue());
		assertThat(GroupPattern.matches("a".repeat(1025), "a".repeat(1025))).as("too long").isFalse();
	}

	@Test
	void isGivenByRoles() {
		assertThat(Permission.sendToGroup("g").isGivenBy(List.of("webpubsub.sendToGroups.*"))).isTrue();
		assertThat(Permission.sendToGroup("g").isGivenBy(List.of("webpubsub.joinLeaveGroups.*"))).isFalse();
		assertThat(Permission.sendToGroups().isGivenBy(List.of("webpubsub.sendToGroups.*"))).isFalse();
		assertThat(Permission.sendToGroups().isGivenBy(List.of("webpubsub.sendToGroups.**"))).isTrue();
		assertThat(Permission.sendToGroup("s.g").isGivenBy(List.of("webpubsub.sendToGroup.s.g"))).isTrue();
		assertThat(Permission.sendToGroup("g").isGivenBy(List.of())).isFalse();
	}
}
