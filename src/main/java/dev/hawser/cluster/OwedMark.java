package dev.hawser.cluster;

import java.nio.charset.StandardCharsets;

/**
 * The mark that ends a node's right to write its records. It is in their hash, so that it takes effect in the same moment for all.
 *
 * @param heir      the node that delivers what the records say; empty while there is none
 * @param lastBatch number of the last batch of the dead node that is in its hash; 0 for none
 */
record OwedMark(String heir, long lastBatch) {
	/** In place of a mark: Redis does not have what it has confirmed. */
	static final String LOSS = "?";

	/** Whether it is no mark, but says that Redis does not have what it has confirmed. */
	boolean isOfLoss() {
		return heir.equals(LOSS);
	}

	static OwedMark of(byte[] field) {
		String text = new String(field, StandardCharsets.UTF_8);
		int bar = text.lastIndexOf('|');
		String number = text.substring(bar + 1);
		return new OwedMark(bar < 0 ? "" : text.substring(0, bar), number.matches("[0-9]{1,18}") ? Long.parseLong(number) : 0);
	}
}
