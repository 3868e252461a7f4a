package dev.hawser.cluster;

import dev.hawser.protocol.Utf8Validator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link WireWriter} has written. Every length is checked before anything is allocated for it. Used by one thread. */
final class WireReader {
	/** Things in a list. */
	private static final int MOST = 1_000_000;

	private final byte[] bytes;
	private int at;
	private final int end;

	WireReader(byte[] bytes) {
		this(bytes, 0, bytes.length);
	}

	private WireReader(byte[] bytes, int at, int end) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	boolean isAtEnd() {
		return at == end;
	}

	int octet() {
		require(1);
		return bytes[at++] & 0xFF;
	}

	private void require(long more) {
		if (more < 0 || more > end - at) {
			throw new UnreadableException("it is cut short");
		}
	}

	long number() {
		long value = 0;
		for (int shift = 0; shift < Long.SIZE; shift += 7) {
			int next = octet();
			value |= (long) (next & 0x7F) << shift;
			if (next < 0x80) {
				return value;
			}
		}
		throw new UnreadableException("a number is too long");
	}

	/** The number of bytes that follow. */
	private int length() {
		long length = number();
		require(length);
		return (int) length;
	}

	/** A number of things that each take at least a byte, and more than that in memory. */
	int count() {
		int count = length();
		if (count > MOST) {
			throw new UnreadableException("it has more parts than any node writes");
		}
		return count;
	}

	byte[] bytes() {
		int length = length();
		byte[] value = new byte[length];
		System.arraycopy(bytes, at, value, 0, length);
		at += length;
		return value;
	}

	String text() {
		int length = length();
		if (!Utf8Validator.isUtf8(bytes, at, length)) {
			throw new UnreadableException("a text is not UTF-8");
		}
		at += length;
		return new String(bytes, at - length, length, StandardCharsets.UTF_8);
	}

	@Nullable
	String optional() {
		return octet() == 0 ? null : text();
	}

	List<String> texts() {
		return each(WireReader::text);
	}

	<T> List<T> each(Function<WireReader, T> read) {
		int count = count();
		List<T> values = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			values.add(read.apply(this));
		}
		return values;
	}

	/** The next bytes, whose number comes first, to be read apart from the rest. */
	WireReader part() {
		int length = length();
		at += length;
		return new WireReader(bytes, at - length, at);
	}
}
