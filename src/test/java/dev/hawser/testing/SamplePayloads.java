package dev.hawser.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Payloads of the kinds that the public suite compresses: some shrink well, some hardly, some not at all. */
public enum SamplePayloads {
	JSON(1) {
		@Override
		String piece(Random random) {
			return String.format(Locale.ROOT,
					"{\"id\":%d,\"name\":\"Grüße %d\",\"tags\":[\"a\",\"%x\"],\"at\":[%.6f,%.6f],\"active\":%b},\n",
					random.nextInt(100_000), random.nextInt(50), random.nextInt(), random.nextDouble(), random.nextDouble(),
					random.nextBoolean());
		}
	},
	PICTURE(2) {
		@Override
		byte[] make(int length, Random random) {
			byte[] bytes = new byte[length];
			for (int i = 0; i < length; i++) {
				bytes[i] = (byte) ((i % 512) / 4 + (i / 512) / 4 + random.nextInt(3));
			}
			return bytes;
		}
	},
	PROSE(2) {
		private static final String[] WORDS = ("der die das und nicht ein Tag Nacht Meer Schiff wohl über Straße Größe weiß mir"
				+ " dir was will sein war hat noch so sehr als Himmel Erde Wind").split(" ");

		@Override
		String piece(Random random) {
			return WORDS[random.nextInt(WORDS.length)] + (random.nextInt(8) == 0 ? ",\n" : " ");
		}
	},
	HTML(1) {
		@Override
		String piece(Random random) {
			return String.format(Locale.ROOT, "<li class=\"item\"><a href=\"/page/%d\">Seite %d — „mehr“ 🚢</a></li>\n",
					random.nextInt(1000),
					random.nextInt(1000));
		}
	},
	NOISE(2) {
		@Override
		byte[] make(int length, Random random) {
			byte[] bytes = new byte[length];
			random.nextBytes(bytes);
			return bytes;
		}
	};

	private final int opcode;

	SamplePayloads(int opcode) {
		this.opcode = opcode;
	}

	/** Text or binary. */
	public int opcode() {
		return opcode;
	}

	/**
	 * A payload of this many bytes; another seed gives another payload. Text is cut at the end of a character and filled up with spaces.
	 */
	public byte[] bytes(int length, long seed) {
		return make(length, new Random(seed));
	}

	byte[] make(int length, Random random) {
		StringBuilder text = new StringBuilder();
		while (text.length() < length) {
			text.append(piece(random));
		}
		byte[] all = text.toString().getBytes(StandardCharsets.UTF_8);
		int end = length;
		while (end < all.length && (all[end] & 0xC0) == 0x80) {
			end--;
		}
		byte[] bytes = Arrays.copyOf(all, length);
		Arrays.fill(bytes, end, length, (byte) ' ');
		return bytes;
	}

	String piece(Random random) {
		throw new UnsupportedOperationException();
	}
}
