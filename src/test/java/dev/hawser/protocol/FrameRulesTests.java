package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameRulesTests {
	private static final int NONE = -1;
	private static final int LIMIT = 100_000;

	private static Arguments row(String label, @Nullable Violation violation, int firstByte, int secondByte, long length, int assembled) {
		return Arguments.of(label, violation, firstByte << 8 | secondByte, length, assembled);
	}

	static Stream<Arguments> broken() {
		return Stream.of(
				row("RSV1 without an extension", Violation.RESERVED_BIT, 0xC1, 0x85, 5, NONE),
				row("RSV2 without an extension", Violation.RESERVED_BIT, 0xA1, 0x85, 5, NONE),
				row("RSV3 without an extension", Violation.RESERVED_BIT, 0x91, 0x85, 5, NONE),
				row("RSV1 on a ping", Violation.RESERVED_BIT, 0xC9, 0x80, 0, NONE),
				row("RSV1 on a continuation", Violation.RESERVED_BIT, 0xC0, 0x80, 0, 3),
				row("data opcode 3", Violation.RESERVED_OPCODE, 0x83, 0x80, 0, NONE),
				row("data opcode 7", Violation.RESERVED_OPCODE, 0x87, 0x80, 0, NONE),
				row("control opcode 11", Violation.RESERVED_OPCODE, 0x8B, 0x80, 0, NONE),
				row("control opcode 15", Violation.RESERVED_OPCODE, 0x8F, 0x80, 0, NONE),
				row("text without a mask", Violation.UNMASKED, 0x81, 0x05, 5, NONE),
				row("close without a mask", Violation.UNMASKED, 0x88, 0x02, 2, NONE),
				row("64-bit length with its top bit", Violation.LENGTH_TOP_BIT, 0x82, 0xFF, Long.MIN_VALUE, NONE),
				row("64-bit length with all bits", Violation.LENGTH_TOP_BIT, 0x82, 0xFF, -1, NONE),
				row("0 in two bytes", Violation.LENGTH_NOT_MINIMAL, 0x81, 0xFE, 0, NONE),
				row("125 in two bytes", Violation.LENGTH_NOT_MINIMAL, 0x81, 0xFE, 125, NONE),
				row("125 in eight bytes", Violation.LENGTH_NOT_MINIMAL, 0x81, 0xFF, 125, NONE),
				row("65535 in eight bytes", Violation.LENGTH_NOT_MINIMAL, 0x81, 0xFF, 65535, NONE),
				row("unfinished ping", Violation.CONTROL_FRAGMENTED, 0x09, 0x80, 0, NONE),
				row("unfinished pong", Violation.CONTROL_FRAGMENTED, 0x0A, 0x80, 0, NONE),
				row("unfinished close", Violation.CONTROL_FRAGMENTED, 0x08, 0x80, 0, NONE),
				row("ping of 126 bytes", Violation.CONTROL_TOO_LONG, 0x89, 0xFE, 126, NONE),
				row("close of 65536 bytes", Violation.CONTROL_TOO_LONG, 0x88, 0xFF, 65536, NONE),
				row("last continuation of nothing", Violation.NOTHING_TO_CONTINUE, 0x80, 0x80, 0, NONE),
				row("unfinished continuation of nothing", Violation.NOTHING_TO_CONTINUE, 0x00, 0x85, 5, NONE),
				row("text within a message", Violation.MESSAGE_NOT_FINISHED, 0x81, 0x80, 0, 0),
				row("binary within a message", Violation.MESSAGE_NOT_FINISHED, 0x02, 0x85, 5, 7),
				row("one byte over the limit", Violation.MESSAGE_TOO_BIG, 0x82, 0xFF, LIMIT + 1, NONE),
				row("2^63-1 bytes", Violation.MESSAGE_TOO_BIG, 0x82, 0xFF, Long.MAX_VALUE, NONE),
				row("fragments that pass the limit", Violation.MESSAGE_TOO_BIG, 0x80, 0x81, 1, LIMIT));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("broken")
	void namesTheRuleThatAHeaderBreaks(String label, Violation expected, int head, long length, int assembled) {
		assertThat(FrameRules.check(head, length, assembled, LIMIT)).isEqualTo(expected);
	}

	static Stream<Arguments> kept() {
		return Stream.of(
				row("empty text", null, 0x81, 0x80, 0, NONE),
				row("text of 125 bytes", null, 0x81, 0xFD, 125, NONE),
				row("text of 126 bytes in two", null, 0x81, 0xFE, 126, NONE),
				row("binary of 65535 bytes in two", null, 0x82, 0xFE, 65535, NONE),
				row("binary of 65536 bytes in eight", null, 0x82, 0xFF, 65536, NONE),
				row("the limit", null, 0x82, 0xFF, LIMIT, NONE),
				row("fragments that reach the limit", null, 0x80, 0x81, 1, LIMIT - 1),
				row("an empty fragment at the limit", null, 0x80, 0x80, 0, LIMIT),
				row("first fragment", null, 0x01, 0x85, 5, NONE),
				row("middle fragment", null, 0x00, 0x85, 5, 5),
				row("last fragment of an empty message", null, 0x80, 0x80, 0, 0),
				row("ping of 125 bytes", null, 0x89, 0xFD, 125, NONE),
				row("ping between fragments at the limit", null, 0x89, 0xFD, 125, LIMIT),
				row("pong", null, 0x8A, 0x80, 0, NONE),
				row("close between fragments", null, 0x88, 0x82, 2, 5));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("kept")
	void letsALawfulHeaderPass(String label, @Nullable Violation none, int head, long length, int assembled) {
		assertThat(FrameRules.check(head, length, assembled, LIMIT)).isNull();
	}

	/** Every violation of a header has a row above; the other tests of this package cover the violations of a payload. */
	@Test
	void hasARowForEveryViolationOfAHeader() {
		Set<Violation> ofPayloads = EnumSet.of(Violation.CLOSE_BODY_ONE_BYTE, Violation.CLOSE_CODE_INVALID,
				Violation.CLOSE_REASON_NOT_UTF8, Violation.TEXT_NOT_UTF8, Violation.NOT_DEFLATE);
		assertThat(broken().map(row -> row.get()[1]).distinct())
				.containsExactlyInAnyOrderElementsOf(Arrays.<Object>asList(EnumSet.complementOf(EnumSet.copyOf(ofPayloads)).toArray()));
	}

	@Test
	void closesWithACodeAndAReasonThatFitsForEveryViolation() {
		for (Violation violation : Violation.values()) {
			int expected = switch (violation) {
				case CLOSE_REASON_NOT_UTF8, TEXT_NOT_UTF8, NOT_DEFLATE -> 1007;
				case MESSAGE_TOO_BIG -> 1009;
				case RESERVED_BIT, RESERVED_OPCODE, UNMASKED, LENGTH_TOP_BIT, LENGTH_NOT_MINIMAL, CONTROL_FRAGMENTED, CONTROL_TOO_LONG,
						NOTHING_TO_CONTINUE, MESSAGE_NOT_FINISHED, CLOSE_BODY_ONE_BYTE, CLOSE_CODE_INVALID ->
					1002;
			};
			assertThat(violation.closeStatus().getCode()).as(violation.name()).isEqualTo(expected);
			assertThat(CloseCodes.body(violation.closeStatus())).as(violation.name()).hasSizeBetween(3, 125);
		}
	}
}
