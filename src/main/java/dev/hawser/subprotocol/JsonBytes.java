package dev.hawser.subprotocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** JSON that is put together of parts. */
final class JsonBytes {
	private final ByteArrayOutputStream out;

	/** @param size about the number of bytes */
	JsonBytes(int size) {
		this.out = new ByteArrayOutputStream(size);
	}

	/** JSON in ASCII. */
	JsonBytes ascii(String json) {
		return raw(json.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** JSON in UTF-8. */
	JsonBytes raw(byte[] json) {
		out.writeBytes(json);
		return this;
	}

	/** A text in quotes, or null. Half a surrogate pair becomes a question mark. */
	JsonBytes text(@Nullable String text) {
		return text == null ? ascii("null") : text(text.getBytes(StandardCharsets.UTF_8));
	}

	/** A text in UTF-8, in quotes. */
	JsonBytes text(byte[] utf8) {
		out.write('"');
		raw(isPlain(utf8) ? utf8 : JsonStringEncoder.getInstance().quoteAsUTF8(new String(utf8, StandardCharsets.UTF_8)));
		out.write('"');
		return this;
	}

	/** RFC 8259 section 7: whether nothing in the text must be escaped, as in most. */
	private static boolean isPlain(byte[] utf8) {
		for (byte b : utf8) {
			if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
				return false;
			}
		}
		return true;
	}

	/** Bytes as a text in base64 (RFC 4648 section 4). */
	JsonBytes base64(byte[] bytes) {
		out.write('"');
		raw(Base64.getEncoder().encode(bytes));
		out.write('"');
		return this;
	}

	byte[] bytes() {
		return out.toByteArray();
	}
}
