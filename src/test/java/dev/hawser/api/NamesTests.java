package dev.hawser.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names users, groups and roles can have. */
class NamesTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "a b", " a", "a/b", "...", ".a", "a.", "%2E", "\u00fc\u20ac\ud83d\ude00", "\"", "\\", ":send", "a\u2028b",
			"\ufeff" })
	void takesNamesThatAPathCanHave(String name) {
		assertThat(Names.objection(name)).isNull();
		Names.requireUser(name);
		Names.requireGroup(name);
		Names.requireRole(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\u2003", ".", "..", "\0", "a\0", "a\tb", "a\n", "\u007f", "\u0085", "\ud800", "a\udc00b",
			"\ude00\ud83d" })
	void refusesNamesThatNoPathCanHave(String name) {
		assertThat(Names.objection(name)).endsWith(".").doesNotContain(name.isBlank() || name.startsWith(".") ? "?" : name);
		assertThatIllegalArgumentException().isThrownBy(() -> Names.requireUser(name)).withMessageStartingWith("A user's name must ");
		assertThatIllegalArgumentException().isThrownBy(() -> Names.requireGroup(name)).withMessageStartingWith("A group's name must ");
	}

	@Test
	void boundsTheLength() {
		assertThat(Names.objection("x".repeat(1024))).isNull();
		assertThat(Names.objection("x".repeat(1025))).isEqualTo("must have 1 to 1024 characters; this one has 1025.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\0", "webpubsub.sendToGroup.a\n", "\ud800" })
	void refusesRolesThatNobodyCanWrite(String role) {
		assertThatIllegalArgumentException().isThrownBy(() -> Names.requireRole(role));
	}

	@Test
	void knowsHalvesOfSurrogatePairs() {
		assertThat(Names.isWhole("\ud83d\ude00\0")).isTrue();
		assertThat(Names.isWhole("\ud83d")).isFalse();
		assertThat(Names.isWhole("\ude00\ud83d")).isFalse();
	}
}
