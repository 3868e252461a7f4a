package dev.hawser.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Writes numbers, texts and bytes one after the other; numbers take as few bytes as they need (LEB128). Used by one thread. */
final class WireWriter {
	private byte[] bytes;
	private int size;

	/** @param size bytes that will be needed, about */
	WireWriter(int size) {
		bytes = new byte[Math.max(16, size)];
	}

	private void reserve(int more) {
		if (bytes.length - size < more) {
			bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
		}
	}

	WireWriter octet(int value) {
		reserve(1);
		bytes[size++] = (byte) value;
		return this;
	}

	/** A number that is hardly ever negative. */
	WireWriter number(long value) {
		reserve(10);
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
			rest >>>= 7;
		}
		bytes[size++] = (byte) rest;
		return this;
	}

	WireWriter bytes(byte[] value) {
		number(value.length);
		return raw(value);
	}

	/** Bytes without their number. */
	WireWriter raw(byte[] value) {
		reserve(value.length);
		System.arraycopy(value, 0, bytes, size, value.length);
		size += value.length;
		return this;
	}

	WireWriter text(String value) {
		return bytes(value.getBytes(StandardCharsets.UTF_8));
	}

	/** A text, or null. */
	WireWriter optional(@Nullable String value) {
		octet(value == null ? 0 : 1);
		return value == null ? this : text(value);
	}

	WireWriter texts(Collection<String> values) {
		return each(values, WireWriter::text);
	}

	<T> WireWriter each(Collection<T> values, BiConsumer<WireWriter, T> write) {
		number(values.size());
		values.forEach(value -> write.accept(this, value));
		return this;
	}

	byte[] done() {
		return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
	}
}
