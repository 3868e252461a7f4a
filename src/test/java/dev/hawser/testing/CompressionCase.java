package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.DeflatingClient.Message;
import java.util.List;

/**
 * One of the eighteen rows that each case of the public suite's groups 12 and 13 has.
 *
 * @param number    its number in the suite
 * @param size      bytes of each message
 * @param frameSize bytes of each frame; 0 for one frame
 */
public record CompressionCase(int number, int size, int frameSize) {
	/** The suite sends a thousand of each; these are enough to fill a window many times over. */
	private static final int MESSAGES = 20;

	public static final List<CompressionCase> ALL = List.of(new CompressionCase(1, 16, 0), new CompressionCase(2, 64, 0),
			new CompressionCase(3, 256, 0), new CompressionCase(4, 1024, 0), new CompressionCase(5, 4096, 0),
			new CompressionCase(6, 8192, 0), new CompressionCase(7, 16384, 0), new CompressionCase(8, 32768, 0),
			new CompressionCase(9, 65536, 0), new CompressionCase(10, 131072, 0), new CompressionCase(11, 8192, 256),
			new CompressionCase(12, 16384, 256), new CompressionCase(13, 32768, 256), new CompressionCase(14, 65536, 256),
			new CompressionCase(15, 131072, 256), new CompressionCase(16, 131072, 1024), new CompressionCase(17, 131072, 4096),
			new CompressionCase(18, 131072, 32768));

	/** Sends message after message, each when the echo of the last has come. */
	public void converse(DeflatingClient client, SamplePayloads payloads) throws Exception {
		for (int i = 0; i < MESSAGES; i++) {
			byte[] data = payloads.bytes(size, i % 4); // again and again: a window that is shared has seen it
			client.send(payloads.opcode(), data, frameSize);
			Message echo = client.message();
			assertThat(echo.opcode()).isEqualTo(payloads.opcode());
			assertThat(echo.payload()).as("message %d", i).isEqualTo(data);
			assertThat(echo.compressed() || client.agreed() == null || echo.bytesOnWire() == size).isTrue();
			if (client.agreed() != null && payloads != SamplePayloads.NOISE && size >= 1024) {
				assertThat(echo.bytesOnWire()).as("bytes of the echo").isLessThan(size);
			}
		}
		client.raw().send(RawFrame.close(1000, ""));
		assertThat(client.raw().message().closeCode()).isEqualTo(1000);
	}

	@Override
	public String toString() {
		return size + " bytes" + (frameSize == 0 ? "" : " in frames of " + frameSize);
	}
}
