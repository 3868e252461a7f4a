package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RawFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 127, 65535, 65536, 1 << 20 })
	void readsEveryLengthForm(int length) {
		FrameDecoder decoder = new FrameDecoder();
		ByteBuffer in = ByteBuffer.wrap(RawFrame.binary(new byte[length]).bytes());
		assertThat(decoder.readHeader(in)).isTrue();
		assertThat(decoder.length()).isEqualTo(length);
		assertThat(decoder.payloadLeft()).isEqualTo(length);
		assertThat(in.remaining()).isEqualTo(length);
	}

	@Test
	void readsAnyTwoBytesAsAHeader() {
		for (int head = 0; head < 0x10000; head++) {
			FrameDecoder decoder = new FrameDecoder();
			ByteBuffer in = ByteBuffer.allocate(14).putShort((short) head).clear();
			assertThat(decoder.readHeader(in)).isTrue();
			assertThat(decoder.head()).isEqualTo(head);
			assertThat(FrameHead.fin(head)).isEqualTo((head & 0x8000) != 0);
			assertThat(FrameHead.opcode(head)).isEqualTo(head >> 8 & 15);
			assertThat(FrameHead.masked(head)).isEqualTo((head & 0x80) != 0);
		}
	}

	@Test
	void showsAForbiddenTopBitAsANegativeLength() {
		FrameDecoder decoder = new FrameDecoder();
		assertThat(decoder.readHeader(ByteBuffer.wrap(RawFrame.binary().announcing(Long.MIN_VALUE).bytes()))).isTrue();
		assertThat(decoder.length()).isNegative();
	}

	@Test
	void waitsForTheRestOfAHeaderHoweverItIsCut() {
		byte[] bytes = RawFrame.binary(new byte[65536]).bytes();
		for (int first = 0; first < 14; first++) {
			for (int second = first; second < 14; second++) {
				FrameDecoder decoder = new FrameDecoder();
				assertThat(decoder.readHeader(ByteBuffer.wrap(bytes, 0, first))).isFalse();
				assertThat(decoder.readHeader(ByteBuffer.wrap(bytes, first, second - first))).isFalse();
				ByteBuffer rest = ByteBuffer.wrap(bytes, second, bytes.length - second);
				assertThat(decoder.readHeader(rest)).as("cut at %d and %d", first, second).isTrue();
				assertThat(decoder.length()).isEqualTo(65536);
				assertThat(rest.remaining()).isEqualTo(65536);
			}
		}
	}

	@Test
	void unmasksAPayloadHoweverItIsCut() {
		byte[] payload = "the quick brown fox jumps".getBytes(StandardCharsets.US_ASCII);
		byte[] bytes = RawFrame.opcode(2).payload(payload).bytes();
		for (int cut = 0; cut <= payload.length; cut++) {
			FrameDecoder decoder = new FrameDecoder();
			ByteBuffer in = ByteBuffer.wrap(bytes);
			decoder.readHeader(in);
			byte[] target = new byte[payload.length];
			in.limit(6 + cut);
			decoder.readPayload(in, target, 0);
			assertThat(decoder.payloadLeft()).isEqualTo(payload.length - cut);
			in.limit(bytes.length);
			decoder.readPayload(in, target, cut);
			assertThat(decoder.payloadLeft()).isZero();
			assertThat(target).as("cut at %d", cut).isEqualTo(payload);
		}
	}

	@Test
	void leavesAnUnmaskedPayloadAsItIs() {
		FrameDecoder decoder = new FrameDecoder();
		ByteBuffer in = ByteBuffer.wrap(RawFrame.text("plain").unmasked().bytes());
		decoder.readHeader(in);
		byte[] target = new byte[5];
		decoder.readPayload(in, target, 0);
		assertThat(target).asString(StandardCharsets.US_ASCII).isEqualTo("plain");
	}

	@Test
	void tellsWhetherAPayloadHasLeftAscii() {
		assertThat(seen("plain text of more than eight bytes")).isNotNegative();
		assertThat(seen("\u00e9 then plain text")).isNegative();
		assertThat(seen("plain text, then \u00e9")).isNegative();
		assertThat(seen("\u00e9")).isNegative();
	}

	private static byte seen(String text) {
		FrameDecoder decoder = new FrameDecoder();
		ByteBuffer in = ByteBuffer.wrap(RawFrame.text(text).bytes());
		decoder.readHeader(in);
		return decoder.readPayload(in, new byte[in.remaining()], 0);
	}

	@Test
	void takesNoByteBehindThePayload() {
		FrameDecoder decoder = new FrameDecoder();
		byte[] frame = RawFrame.text("ab").bytes();
		ByteBuffer in = ByteBuffer.allocate(frame.length + 3).put(frame).put((byte) 1).put((byte) 2).put((byte) 3).flip();
		decoder.readHeader(in);
		decoder.readPayload(in, new byte[2], 0);
		assertThat(in.remaining()).isEqualTo(3);
	}
}
