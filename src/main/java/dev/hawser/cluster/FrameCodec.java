package dev.hawser.cluster;

import dev.hawser.api.Frame;
import dev.hawser.protocol.Opcode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages to push as bytes. */
final class FrameCodec {
	private static final int TEXT = 1;
	private static final int BINARY = 2;
	private static final int JSON = 3;
	private static final int KIND = 0xF;
	/** A sender and metadata follow. */
	private static final int MORE = 0x10;

	private FrameCodec() {
	}

	static void write(WireWriter out, Frame frame) {
		int kind = switch (frame.dataType()) {
			case TEXT -> TEXT;
			case JSON -> JSON;
			case BINARY -> BINARY;
		};
		boolean more = frame.sender() != null || !frame.metadata().isEmpty();
		out.octet(more ? kind | MORE : kind).bytes(frame.data());
		if (more) {
			out.optional(frame.sender()).each(frame.metadata().entrySet(), (to, entry) -> to.text(entry.getKey()).text(entry.getValue()));
		}
	}

	static Frame read(WireReader in) {
		int head = in.octet();
		byte[] data = in.bytes();
		Frame frame = switch (head & KIND) {
			case TEXT -> Frame.of(0, data, Opcode.TEXT, true);
			case BINARY -> Frame.binary(data);
			case JSON -> Frame.json(data).asReceived(0, "message", null); // checked by the node that has sent it
			default -> throw new UnreadableException("a message has an unknown kind");
		};
		return (head & MORE) == 0 ? frame : withMore(frame, in);
	}

	private static Frame withMore(Frame frame, WireReader in) {
		@Nullable
		String sender = in.optional();
		Map<String, String> metadata = new HashMap<>();
		int count = in.count();
		for (int i = 0; i < count; i++) {
			metadata.put(in.text(), in.text());
		}
		Frame whole = metadata.isEmpty() ? frame : frame.withMetadata(metadata);
		return sender == null ? whole : whole.from(sender);
	}
}
