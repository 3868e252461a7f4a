package dev.hawser.push.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each part of a filter means for a user in two groups ({@code ann}) and for a guest without user, subprotocol and groups. */
class FilterTests {

	@ParameterizedTest(name = "{0}: ann {1}, guest {2}")
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			// operators
			"userId eq 'ann' | true | false",
			"'ann' eq userId | true | false",
			"USERID eq 'ann' | true | false",
			"userid eq 'Ann' | false | false",
			"userId ne 'ann' | false | true",
			"userId eq null | false | true",
			"null ne userId | true | false",
			"null eq null | true | true",
			"connectionId eq 'node-17' | true | false",
			"'node-17' ne ConnectionID | false | true",
			"connectionId eq userId | false | false",
			"connectionId eq null | false | false",
			"protocol eq 'json.webpubsub.azure.v1' | true | false",
			"length(userId) gt 2 | true | false",
			"length(userId) ge 3 | true | false",
			"length(userId) lt 3 | false | false",
			"length(userId) le 3 | true | false",
			"length(userId) gt null | false | false",
			"null lt 3 | false | false",
			"length(userId) eq null | false | true",
			"length(userId) eq 3 | true | false",
			"3 ne length(userId) | false | true",
			"-1 lt 0 | true | true",
			"2147483647 gt -2147483648 | true | true",
			"true | true | true",
			"false | false | false",
			"startswith(userId, 'a') eq true | true | false",
			"startswith(userId, 'a') eq false | false | true",
			"(userId eq 'ann') ne null | true | true",
			"not endswith(userId, 'milk') | true | true",
			"not (userId eq 'ann') | false | true",
			"not not (userId eq 'ann') | true | false",
			"not 'news' in groups | false | true",
			// precedence: not, in, comparisons, and, or
			"true or false and false | true | true",
			"(true or false) and false | false | false",
			"userId eq 'ann' and 'news' in groups or connectionId eq 'node-18' | true | true",
			"length(userId) eq 3 eq true | true | false",
			// in
			"'news' in groups | true | false",
			"'it''s' in groups | true | false",
			"'New' in Groups | false | false",
			"userId in groups | false | false",
			"null in groups | false | false",
			"userId in ('bob', 'ann') | true | false",
			"userId in ('bob', null) | false | true",
			"userId in () | false | false",
			"connectionId in ('node-17','node-19') | true | false",
			"length(userId) in (1, 2, 3) | true | false",
			"null in (userId, protocol) | false | true",
			"userId in (tolower('ANN')) | true | false",
			// functions
			"startswith(userId, 'an') | true | false",
			"startswith('anna', userId) | true | false",
			"endswith(userId, 'nn') | true | false",
			"contains(userId, 'n') | true | false",
			"contains(userId, '') | true | false",
			"contains(null, 'n') | false | false",
			"indexof(userId, 'n') eq 1 | true | false",
			"indexof(userId, 'x') eq -1 | true | true",
			"length(groups) eq 2 | true | false",
			"length(groups) eq 0 | false | true",
			"substring(userId, 1) eq 'nn' | true | false",
			"substring(userId, 1, 1) eq 'n' | true | false",
			"substring(userId, 3) eq '' | true | false",
			"substring(userId, 4) eq null | true | true",
			"substring(userId, -1) eq null | true | true",
			"substring(userId, 1, 3) eq null | true | true",
			"substring(userId, 1, 2147483647) eq null | true | true",
			"substring(userId, null) eq null | true | true",
			"tolower('ANN') eq userId | true | false",
			"toupper(userId) eq 'ANN' | true | false",
			"trim('  ann ') eq userId | true | false",
			"trim(userId) eq null | false | true",
			"concat(userId, '!') eq 'ann!' | true | false",
			"concat(userId, '!') eq '!' | false | true",
			"concat(userId, null) eq null | false | true",
			"concat(concat('a', 'n'), 'n') eq userId | true | false",
			// spelling
			"userId eq'ann' | true | false",
			"((((userId))eq(('ann')))) | true | false",
			"'a)(''b' eq 'a)(''b' | true | true",
			"' and ' eq ' and ' | true | true",
			"'\u20ac\ud83d\ude00' eq '\u20ac\ud83d\ude00' | true | true" })
	void matches(String filter, boolean ann, boolean guest) {
		Filter read = Filter.parse(filter);
		assertThat(read.matches(KnownCandidate.ANN)).isEqualTo(ann);
		assertThat(read.matches(KnownCandidate.GUEST)).isEqualTo(guest);
	}

	@ParameterizedTest(name = "{0}: character {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"\"\" | 1 | is needed here",
			"\"   \" | 4 | is needed here",
			"userId | 1 | a condition is needed here, and not text",
			"'text' | 1 | a condition",
			"5 | 1 | a condition is needed here, and not an integer",
			"groups | 1 | a condition is needed here, and not groups",
			"null | 1 | a condition is needed here, and not null",
			"userId eq | 10 | is needed here",
			"userId eq 'ann | 11 | this text has no end",
			"userId eq 'ann' x | 17 | is needed",
			"userId eq ann | 11 | this name is unknown",
			"user eq 'ann' | 1 | this name is unknown",
			"userId == 'ann' | 8 | no such character",
			"userId eq \\'ann\\' | 11 | no such character",
			"userId eq 'ann' AND true | 17 | is needed",
			"userId eq 5 | 8 | text cannot be compared with an integer",
			"length(userId) eq '5' | 16 | an integer cannot be compared with text",
			"userId eq true | 8 | text cannot be compared with a condition",
			"groups eq 'news' | 8 | groups cannot be compared",
			"null ne groups | 6 | groups cannot be compared",
			"userId gt 'a' | 1 | an integer is needed here, and not text",
			"3 lt 'a' | 6 | an integer is needed here, and not text",
			"true gt false | 1 | an integer",
			"not userId eq 'ann' | 5 | a condition is needed here, and not text",
			"not 5 | 5 | a condition",
			"userId eq 'a' and 5 | 19 | a condition",
			"5 or true | 1 | a condition",
			"'news' in userId | 11 | 'groups' or a list",
			"5 in groups | 1 | text is needed here",
			"userId in ('a', 5) | 8 | text cannot be compared",
			"userId in ('a' 'b') | 16 | a ',' or a ')'",
			"userId in ('a', | 16 | is needed here",
			"userId in 'a' | 11 | 'groups' or a list",
			"(userId eq 'a' | 15 | a ')'",
			"userId eq 'a') | 14 | is needed",
			"lower(userId) eq 'a' | 1 | no function of this name",
			"toLower(userId) eq 'a' | 1 | no function of this name",
			"length() eq 1 | 1 | takes 1 arguments, not 0",
			"substring(userId) eq 'a' | 1 | takes 2 or 3 arguments, not 1",
			"startswith(userId) | 1 | takes 2",
			"length(5) eq 1 | 8 | text is needed here, and not an integer",
			"startswith(groups, 'a') | 12 | text is needed here, and not groups",
			"substring(userId, 'a') eq 'b' | 19 | an integer is needed here, and not text",
			"2147483648 gt 0 | 1 | an integer is needed here, from -2147483648 to 2147483647",
			"- gt 0 | 1 | an integer is needed here",
			"1.5 gt 0 | 2 | no such character",
			"userId eq \u20ac | 11 | no such character",
			"startswith | 1 | this name is unknown" })
	void refuses(String filter, int position, String problem) {
		assertThatExceptionOfType(InvalidFilterException.class).isThrownBy(() -> Filter.parse(filter))
				.withMessageStartingWith("The filter is wrong at character " + position + ": ").withMessageContaining(problem);
	}

	@Test
	void readsConditionsWithinEachOtherDownToAHundred() {
		assertThat(Filter.parse("(".repeat(99) + "true" + ")".repeat(99)).matches(KnownCandidate.ANN)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "(#true)", "not #true", "tolower(#'a') eq 'a'", "true#eq true", "true in (true)#in (true)", "userId in (#true)" })
	void refusesDeeperConditions(String pattern) {
		int at = pattern.indexOf('#');
		String before = pattern.substring(0, at);
		String after = pattern.substring(at + 1);
		String filter = after.startsWith("eq") || after.startsWith("in") ? before + (" " + after).repeat(100_000)
				: before.repeat(100_000) + after;
		assertThatExceptionOfType(InvalidFilterException.class).isThrownBy(() -> Filter.parse(filter))
				.withMessageContaining("more than 100 parts are within each other");
	}

	/** A comparison within parentheses within a comparison, and so on, must not become deeper than the stack. */
	@Test
	void countsComparisonsThatAddUpOnTheLeft() {
		String filter = "true";
		for (int i = 0; i < 50; i++) {
			filter = "(" + filter + " eq true".repeat(50) + ")";
		}
		String deep = filter;
		assertThatExceptionOfType(InvalidFilterException.class).isThrownBy(() -> Filter.parse(deep))
				.withMessageContaining("more than 100");
	}

	@Test
	void readsAnyNumberOfConditionsNextToEachOther() {
		String filter = IntStream.range(0, 50_000).mapToObj(i -> "connectionId eq 'c" + i + "'").collect(Collectors.joining(" or "))
				+ " or userId eq 'ann'";
		assertThat(Filter.parse(filter).matches(KnownCandidate.ANN)).isTrue();
		assertThat(Filter.parse(filter).matches(KnownCandidate.GUEST)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "userId eq 'ann' and not ('sport' in groups)", "connectionId in ('node-1', 'node-2', 'node-17')",
			"startswith(userId, 'an') or endswith(userId, 'x')", "length(userId) gt 2 and length(groups) le 10",
			"userId ne null and protocol ne 'mqtt'", "indexof(userId, 'n') eq 1 and contains(userId, 'nn')" })
	void makesNoGarbage(String text) {
		Filter filter = Filter.parse(text);
		long least = Long.MAX_VALUE; // the first measurements load classes
		for (int i = 0; i < 20; i++) {
			ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
			long before = memory.getCurrentThreadAllocatedBytes();
			int matched = 0;
			for (int j = 0; j < 1000; j++) {
				matched += filter.matches(KnownCandidate.ANN) ? 1 : 0;
			}
			least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
			assertThat(matched).isEqualTo(1000);
		}
		assertThat(least).as("bytes for 1000 connections").isLessThan(1000);
	}
}
