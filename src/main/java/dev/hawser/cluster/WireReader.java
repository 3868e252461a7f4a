package dev.hawser.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link WireWriter} has written. Every length is checked before anything is allocated for it. Used by one thread. */
final class WireReader {
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

	/** A number of things that each take at least a byte. */
	int count() {
		long count = number();
		require(count);
		return (int) count;
	}

	byte[] bytes() {
		int length = count();
		byte[] value = new byte[length];
		System.arraycopy(bytes, at, value, 0, length);
		at += length;
		return value;
	}

	String text() {
		int length = count();
		try {
			String value = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length)).toString();
			at += length;
			return value;
		}
		catch (CharacterCodingException e) {
			throw new UnreadableException("a text is not UTF-8");
		}
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
		int length = count();
		at += length;
		return new WireReader(bytes, at - length, at);
	}
}
