package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

class FrameEncoderTests {

	private static String hex(OutgoingFrame frame) {
		ByteBuffer out = ByteBuffer.allocate(frame.size());
		frame.writeTo(out);
		assertThat(out.hasRemaining()).as("room left behind size() bytes").isFalse();
		return HexFormat.of().formatHex(out.array());
	}

	@ParameterizedTest(name = "{0} bytes")
	@CsvSource({ "0, 8200", "1, 8201", "125, 827d", "126, 827e007e", "127, 827e007f", "65535, 827effff",
			"65536, 827f0000000000010000", "1048576, 827f0000000000100000" })
	void writesEachLengthInItsShortestForm(int length, String header) {
		byte[] payload = new byte[length];
		Arrays.fill(payload, (byte) 0x55);
		OutgoingFrame frame = new OutgoingFrame(Opcode.BINARY, true, payload);
		assertThat(frame.size()).isEqualTo(header.length() / 2 + length);
		assertThat(FrameEncoder.headerSize(length)).isEqualTo(header.length() / 2);
		assertThat(hex(frame)).isEqualTo(header + "55".repeat(length));
	}

	@Test
	void neverWritesALongerHeaderThanItSays() {
		assertThat(FrameEncoder.headerSize(Integer.MAX_VALUE)).isEqualTo(FrameEncoder.MAX_HEADER);
	}

	@ParameterizedTest
	@CsvSource({ "CONTINUATION, 80, 00", "TEXT, 81, 01", "BINARY, 82, 02" })
	void writesOpcodeAndFin(Opcode opcode, String finished, String unfinished) {
		assertThat(hex(new OutgoingFrame(opcode, true, new byte[0]))).isEqualTo(finished + "00");
		assertThat(hex(new OutgoingFrame(opcode, false, new byte[0]))).isEqualTo(unfinished + "00");
	}

	@Test
	void writesControlFrames() {
		assertThat(hex(new OutgoingFrame(Opcode.PING, true, new byte[] { 1, 2 }))).isEqualTo("89020102");
		assertThat(hex(new OutgoingFrame(Opcode.PONG, true, new byte[125]))).isEqualTo("8a7d" + "00".repeat(125));
		assertThat(hex(OutgoingFrame.close(new CloseStatus(1000, "bye")))).isEqualTo("880503e8627965");
		assertThat(hex(OutgoingFrame.close(CloseStatus.NO_STATUS_CODE))).isEqualTo("8800");
	}

	@Test
	void writesTextAsUtf8() {
		assertThat(hex(OutgoingFrame.text("\u20ac"))).isEqualTo("8103e282ac");
	}

	@ParameterizedTest
	@EnumSource(names = { "CLOSE", "PING", "PONG" })
	void refusesForbiddenControlFrames(Opcode opcode) {
		assertThatIllegalArgumentException().isThrownBy(() -> new OutgoingFrame(opcode, true, new byte[126]))
				.withMessageContaining("125 bytes");
		assertThatIllegalArgumentException().isThrownBy(() -> new OutgoingFrame(opcode, false, new byte[0]))
				.withMessageContaining("never fragmented");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 125, 126, 65535, 65536 })
	void writesTheSameBytesEveryTime(int length) {
		OutgoingFrame frame = new OutgoingFrame(Opcode.BINARY, true, new byte[length]);
		assertThat(hex(frame)).isEqualTo(hex(frame));
	}
}
