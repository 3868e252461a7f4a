package dev.hawser.cluster;

import java.util.List;

/**
 * What one entry of an inbox holds:
 *
 * <pre>
 *  "HW" version(1) source(text) link(number) count(number) *( length(number) letter )
 * </pre>
 *
 * Numbers are LEB128, and each text and letter has its length before it, so that a letter of an unknown kind can be skipped.
 *
 * @param source  the node that has written it
 * @param link    the number of this batch among those from this source to this inbox, from 1 without gaps; 0 for none
 * @param letters in their order, each as bytes
 */
record Batch(String source, long link, List<WireReader> letters) {
	/** The version that this node writes, and the newest that it reads. */
	static final int VERSION = 1;
	private static final int H = 'H';
	private static final int W = 'W';
	private static final int HEAD = 32;

	static byte[] bytes(String source, long link, List<byte[]> letters) {
		int size = HEAD + source.length() + letters.stream().mapToInt(letter -> letter.length + 5).sum();
		WireWriter out = new WireWriter(size).octet(H).octet(W).octet(VERSION).text(source).number(link);
		return out.each(letters, WireWriter::bytes).done();
	}

	/** @throws UnreadableException for anything else */
	static Batch read(byte[] bytes) {
		WireReader in = new WireReader(bytes);
		if (bytes.length < 3 || in.octet() != H || in.octet() != W) {
			throw new UnreadableException("it is not from a node");
		}
		int version = in.octet();
		if (version != VERSION) {
			throw new UnreadableException("it has version " + version + ", and this node reads version " + VERSION);
		}
		String source = in.text();
		long link = in.number();
		if (link < 0) {
			throw new UnreadableException("its number is negative");
		}
		List<WireReader> letters = in.each(WireReader::part);
		if (!in.isAtEnd()) {
			throw new UnreadableException("more follows than it says");
		}
		return new Batch(source, link, letters);
	}
}
