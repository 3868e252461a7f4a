package dev.hawser.application.cli;

import dev.hawser.log.ControlCharacters;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Shows the frames of a connection. Safe for any thread. */
abstract class FrameLog {
	private static final int SHOWN_BYTES = 32;
	private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

	/** @param subprotocol the agreed one; empty for none */
	abstract void opened(String time, String subprotocol);

	abstract void received(String text);

	abstract void received(byte[] binary);

	/** A control frame. */
	abstract void receivedControl(String kind, byte[] payload, String remark);

	abstract void sent(String kind, int size);

	abstract void closed(int code, String reason);

	/** Something about the use of the program. */
	abstract void remark(String sentence);

	/** A line for each frame, in which control characters of messages are written as escapes. */
	static FrameLog forPeople(Invocation here) {
		return new FrameLog() {
			@Override
			void opened(String time, String subprotocol) {
				line("open, in " + time + (subprotocol.isEmpty() ? "" : ", subprotocol " + subprotocol) + "; /help shows commands");
			}

			@Override
			void received(String text) {
				line("< text " + text.getBytes(StandardCharsets.UTF_8).length + " B  " + text);
			}

			@Override
			void received(byte[] binary) {
				line("< binary " + binary.length + " B  "
						+ HexFormat.ofDelimiter(" ").formatHex(binary, 0, Math.min(SHOWN_BYTES, binary.length))
						+ (binary.length > SHOWN_BYTES ? " ..." : ""));
			}

			@Override
			void receivedControl(String kind, byte[] payload, String remark) {
				line("< " + kind + ' ' + payload.length + " B" + remark);
			}

			@Override
			void sent(String kind, int size) {
				line("> " + kind + ' ' + size + " B");
			}

			@Override
			void closed(int code, String reason) {
				line("< close " + code + (reason.isEmpty() ? "" : "  " + reason));
			}

			@Override
			void remark(String sentence) {
				here.remark(sentence);
			}

			private void line(String text) {
				here.say(ControlCharacters.escape(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + ' ' + text));
			}
		};
	}

	/** Only messages that come, as they are; binary ones in base64. */
	static FrameLog plain(Invocation here) {
		return new FrameLog() {
			@Override
			void opened(String time, String subprotocol) {
				// no message
			}

			@Override
			void received(String text) {
				here.say(text);
			}

			@Override
			void received(byte[] binary) {
				here.say(Base64.getEncoder().encodeToString(binary));
			}

			@Override
			void receivedControl(String kind, byte[] payload, String remark) {
				// no message
			}

			@Override
			void sent(String kind, int size) {
				// not received
			}

			@Override
			void closed(int code, String reason) {
				// no message
			}

			@Override
			void remark(String sentence) {
				here.remark(sentence);
			}
		};
	}

	/** An object in a line for each frame. */
	static FrameLog json(Invocation here) {
		return new FrameLog() {
			@Override
			void opened(String time, String subprotocol) {
				say("in", "open", Map.of("subprotocol", subprotocol));
			}

			@Override
			void received(String text) {
				say("in", "text", Map.of("size", text.getBytes(StandardCharsets.UTF_8).length, "text", text));
			}

			@Override
			void received(byte[] binary) {
				say("in", "binary", Map.of("size", binary.length, "base64", Base64.getEncoder().encodeToString(binary)));
			}

			@Override
			void receivedControl(String kind, byte[] payload, String remark) {
				say("in", kind, Map.of("size", payload.length));
			}

			@Override
			void sent(String kind, int size) {
				say("out", kind, Map.of("size", size));
			}

			@Override
			void closed(int code, String reason) {
				say("in", "close", Map.of("code", code, "reason", reason));
			}

			@Override
			void remark(String sentence) {
				here.remark(sentence);
			}

			private void say(String direction, String kind, Map<String, ?> more) {
				Map<String, Object> frame = new LinkedHashMap<>();
				frame.put("time", LocalTime.now(ZoneId.systemDefault()).format(CLOCK));
				frame.put("direction", direction);
				frame.put("kind", kind);
				frame.putAll(more);
				here.sayJson(frame);
			}
		};
	}
}
