package dev.hawser.http.proxy;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The facts after the addresses in a header of the PROXY protocol, version 2 (section 2.2.1): each has a type, a length and a
 * value.
 */
final class ProxyHeaderFacts {
	private static final int CHECKSUM = 0x03;
	private static final int SSL = 0x20;
	/** Section 2.2.6: "the client connected over SSL/TLS". */
	private static final int CLIENT_SSL = 0x01;
	/** Bits about the client, and 4 bytes about its certificate. */
	private static final int SSL_FIXED = 5;

	private final ByteBuffer header;
	private boolean tls;

	/**
	 * @param facts  the part of the header after the addresses
	 * @param header the whole header
	 * @throws IllegalArgumentException when a fact does not end within the header, or the checksum is wrong
	 */
	ProxyHeaderFacts(ByteBuffer facts, ByteBuffer header) {
		this.header = header;
		while (facts.hasRemaining()) {
			int type = facts.get() & 0xFF;
			ByteBuffer value = value(facts);
			switch (type) {
				case CHECKSUM -> check(value);
				case SSL -> readSsl(value);
				default -> {
					// not used here
				}
			}
		}
	}

	private static ByteBuffer value(ByteBuffer in) {
		if (in.remaining() < 2 || in.remaining() < 2 + in.getChar(in.position())) {
			throw new IllegalArgumentException("a fact that does not end within the header");
		}
		ByteBuffer value = in.slice(in.position() + 2, in.getChar(in.position()));
		in.position(in.position() + 2 + value.remaining());
		return value;
	}

	private void readSsl(ByteBuffer value) {
		if (value.remaining() < SSL_FIXED) {
			throw new IllegalArgumentException("facts about TLS that are cut short");
		}
		tls = (value.get(0) & CLIENT_SSL) != 0;
		for (ByteBuffer details = value.position(SSL_FIXED); details.hasRemaining();) {
			details.get(); // the type
			value(details);
		}
	}

	/** Section 2.2.3: the checksum of the whole header, with zeros in place of the checksum itself. */
	private void check(ByteBuffer value) {
		if (value.remaining() != Integer.BYTES) {
			throw new IllegalArgumentException("no checksum");
		}
		int expected = value.getInt(0);
		byte[] bytes = new byte[header.remaining()];
		value.putInt(0, 0);
		header.get(header.position(), bytes);
		value.putInt(0, expected);
		CRC32C actual = new CRC32C();
		actual.update(bytes);
		if ((int) actual.getValue() != expected) {
			throw new IllegalArgumentException("a checksum that is not right");
		}
	}

	/** Whether the client connected to the proxy with TLS. */
	boolean tls() {
		return tls;
	}
}
