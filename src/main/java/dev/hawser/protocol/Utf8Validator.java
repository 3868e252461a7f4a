package dev.hawser.protocol;

/**
 * Checks a stream of bytes for UTF-8 as RFC 3629 defines it (no overlong forms, no surrogates, nothing above U+10FFFF),
 * however the stream is split, and fails at the first byte that cannot be part of it.
 */
public final class Utf8Validator {
	/** Continuation bytes still due in the current code point. */
	private int due;
	/** Range of the next continuation byte: only the first one after the lead is narrower than 80 to BF. */
	private int lower = 0x80;
	private int upper = 0xBF;

	/** Whether the bytes as a whole are UTF-8. */
	public static boolean isUtf8(byte[] bytes) {
		Utf8Validator validator = new Utf8Validator();
		return validator.accept(bytes, 0, bytes.length) && validator.complete();
	}

	/** False at the first byte that makes the stream invalid; the validator is of no use after that. */
	boolean accept(byte[] bytes, int offset, int count) {
		for (int i = offset, end = offset + count; i < end; i++) {
			int octet = bytes[i] & 0xFF;
			if (due == 0 ? !lead(octet) : !continuation(octet)) {
				return false;
			}
		}
		return true;
	}

	/** Whether the stream may end here: no code point is open. */
	boolean complete() {
		return due == 0;
	}

	private boolean continuation(int octet) {
		if (octet < lower || octet > upper) {
			return false;
		}
		due--;
		lower = 0x80;
		upper = 0xBF;
		return true;
	}

	private boolean lead(int octet) {
		if (octet < 0x80) {
			return true;
		}
		if (octet < 0xC2 || octet > 0xF4) { // C0 and C1 only start overlong forms; above F4 lies past U+10FFFF
			return false;
		}
		due = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
		lower = switch (octet) {
			case 0xE0 -> 0xA0; // below: overlong
			case 0xF0 -> 0x90; // below: overlong
			default -> 0x80;
		};
		upper = switch (octet) {
			case 0xED -> 0x9F; // above: surrogates
			case 0xF4 -> 0x8F; // above: past U+10FFFF
			default -> 0xBF;
		};
		return true;
	}
}
