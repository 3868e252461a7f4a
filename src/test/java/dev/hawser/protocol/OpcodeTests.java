package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpcodeTests {

	@ParameterizedTest
	@CsvSource({ "CONTINUATION, 0, false", "TEXT, 1, false", "BINARY, 2, false", "CLOSE, 8, true", "PING, 9, true", "PONG, 10, true" })
	void hasTheNumberOfTheRfc(Opcode opcode, int code, boolean control) {
		assertThat(opcode.code()).isEqualTo(code);
		assertThat(opcode.isControl()).isEqualTo(control);
		assertThat(Opcode.of(code)).isEqualTo(opcode);
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16, 17, 128, -1, -16, Integer.MIN_VALUE, Integer.MAX_VALUE })
	void hasNoOpcodeForOtherNumbers(int code) {
		assertThat(Opcode.of(code)).isNull();
	}

	@Test
	void hasSixOpcodes() {
		assertThat(Opcode.values()).hasSize(6);
	}
}
