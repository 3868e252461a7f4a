package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hawser.api.Frame;
import dev.hawser.testing.RawFrame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What Swoole's own WebSocket tests ask of {@code pack} and {@code unpack}. Hawser has neither as calls: the encoder and the
 * decoder of the engine stand in for them.
 */
class SwooleChecklistFrameTests {

	@Test
	@DisplayName("22 pack: 1000 random frames are decoded as they were encoded; a control frame is never unfinished")
	void decodesWhatWasEncoded() {
		List<Opcode> opcodes = List.of(Opcode.values());
		Random random = new Random(22);
		FrameDecoder decoder = new FrameDecoder();
		for (int i = 0; i < 1000; i++) {
			Opcode opcode = opcodes.get(random.nextInt(opcodes.size()));
			byte[] payload = new byte[random.nextInt(opcode.isControl() ? 126 : 70_000)];
			random.nextBytes(payload);
			OutgoingFrame frame = new OutgoingFrame(opcode, opcode.isControl() || random.nextBoolean(), payload);
			ByteBuffer wire = ByteBuffer.allocate(frame.size());
			frame.writeTo(wire);

			assertThat(decoder.readHeader(wire.flip())).isTrue();
			assertThat(FrameHead.opcode(decoder.head())).isEqualTo(opcode.code());
			assertThat(FrameHead.fin(decoder.head())).isEqualTo(frame.fin());
			assertThat(FrameHead.masked(decoder.head())).isFalse();
			byte[] decoded = new byte[(int) decoder.length()];
			decoder.readPayload(wire, decoded, 0);
			assertThat(decoded).isEqualTo(payload);
			assertThat(wire.hasRemaining()).isFalse();
		}
		for (Opcode control : new Opcode[] { Opcode.CLOSE, Opcode.PING, Opcode.PONG }) {
			assertThatIllegalArgumentException().isThrownBy(() -> new OutgoingFrame(control, false, new byte[0]));
		}
	}

	@Test
	@DisplayName("23 pack_invalid_opcode: there is no opcode for a number that is none")
	void knowsNoInvalidOpcode() {
		for (int number : new int[] { Integer.MIN_VALUE, -1, 3, 7, 11, 15, 16, Integer.MAX_VALUE }) {
			assertThat(Opcode.of(number)).as("opcode %d", number).isNull();
		}
	}

	@Test
	@DisplayName("36 unpack_close_code_unsigned: 0x8000 is 32768, which no close frame may carry")
	void readsCloseCodesUnsigned() {
		byte[] body = { (byte) 0x80, 0x00 };
		assertThatIllegalArgumentException().isThrownBy(() -> Frame.of(1, body, Opcode.CLOSE, true).closeStatus())
				.withMessageContaining("32768");
		ProtocolException refused = catchThrowableOfType(ProtocolException.class, () -> CloseCodes.parse(body));
		assertThat(refused.violation()).isEqualTo(Violation.CLOSE_CODE_INVALID);
	}

	@Test
	@DisplayName("37 unpack_preserves_input: unmasking leaves the bytes that were read as they are")
	void leavesItsInputAlone() {
		byte[] wire = RawFrame.text("masked text of some length").bytes();
		byte[] before = wire.clone();
		FrameDecoder decoder = new FrameDecoder();
		ByteBuffer in = ByteBuffer.wrap(wire);
		assertThat(decoder.readHeader(in)).isTrue();
		byte[] payload = new byte[(int) decoder.length()];
		decoder.readPayload(in, payload, 0);
		assertThat(payload).asString().isEqualTo("masked text of some length");
		assertThat(wire).isEqualTo(before);
	}
}
