package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.socket.CloseStatus;

class CloseCodesTests {

	private static Violation violation(String hex) {
		ProtocolException e = catchThrowableOfType(ProtocolException.class, () -> CloseCodes.parse(HexFormat.of().parseHex(hex)));
		assertThat(e).as("a violation").isNotNull();
		return e.violation();
	}

	@Test
	void allowsExactlyTheCodesOfTheRegistry() {
		Set<Integer> allowed = IntStream.range(0, 0x10000).filter(CloseCodes::mayBeSent).boxed().collect(Collectors.toSet());
		Set<Integer> expected = IntStream.concat(IntStream.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014),
				IntStream.rangeClosed(3000, 4999)).boxed().collect(Collectors.toSet());
		assertThat(allowed).isEqualTo(expected);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "1000 alone, 03e8, 1000,", "1001 and a reason, 03e9676f, 1001, go", "3000, 0bb8, 3000,", "4999, 1387, 4999,",
			"a reason in UTF-8, 0fa0e282ac, 4000, \u20ac" })
	void readsCodeAndReason(String label, String hex, int code, String reason) throws Exception {
		CloseStatus status = CloseCodes.parse(HexFormat.of().parseHex(hex));
		assertThat(status.getCode()).isEqualTo(code);
		assertThat(status.getReason()).isEqualTo(reason);
	}

	@Test
	void readsAnEmptyBodyAsNoCode() throws Exception {
		assertThat(CloseCodes.parse(new byte[0]).getCode()).isEqualTo(1005);
	}

	@Test
	void refusesForbiddenBodies() {
		assertThat(violation("03")).isEqualTo(Violation.CLOSE_BODY_ONE_BYTE);
		for (String code : new String[] { "0000", "03e7", "03ec", "03ed", "03ee", "03f7", "03f8", "0bb7", "1388", "ffff" }) {
			assertThat(violation(code)).as(code).isEqualTo(Violation.CLOSE_CODE_INVALID);
		}
		assertThat(violation("03e8ff")).isEqualTo(Violation.CLOSE_REASON_NOT_UTF8);
		assertThat(violation("03e8e282")).as("reason ends within a code point").isEqualTo(Violation.CLOSE_REASON_NOT_UTF8);
	}

	@Test
	void writesWhatItReads() throws Exception {
		CloseStatus status = new CloseStatus(4001, "x".repeat(CloseCodes.MAX_REASON_BYTES));
		assertThat(CloseCodes.body(status)).hasSize(125);
		assertThat(CloseCodes.parse(CloseCodes.body(status))).isEqualTo(status);
		assertThat(CloseCodes.body(new CloseStatus(1000))).containsExactly(0x03, 0xE8);
		assertThat(CloseCodes.body(CloseStatus.NO_STATUS_CODE)).isEmpty();
	}
}
