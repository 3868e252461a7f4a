package dev.hawser.http.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header that a proxy sends at the beginning of a connection: the PROXY protocol, version 1 or 2 (<a
 * href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">its specification</a>). Read strictly: everything that the
 * specification does not allow is refused, and no name is ever looked up.
 *
 * @param client the client's address; null when the proxy itself is the client, or when it is not known
 * @param server the address that the client connected to; null if the client is null
 * @param tls    whether the client connected to the proxy with TLS
 */
record ProxyHeader(@Nullable InetSocketAddress client, @Nullable InetSocketAddress server, boolean tls) {
	/** Most bytes of a header of version 2 after its first 16; addresses and the usual facts take a few hundred. */
	private static final int LARGEST = 1024;
	/** Most bytes of a header. */
	static final int LONGEST = 16 + LARGEST;

	private static final ProxyHeader UNKNOWN = new ProxyHeader(null, null, false);

	/** Section 2.1: "the longest line" of version 1, with CR and LF. */
	private static final int LONGEST_LINE = 107;
	private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
	/** A number without "heading zeroes", which the specification forbids. */
	private static final String NUMBER = "(0|[1-9][0-9]{0,4})";
	private static final Pattern PORT = Pattern.compile(NUMBER);
	private static final Pattern IPV4 = Pattern.compile(NUMBER + "(\\." + NUMBER + "){3}");
	/** IPv6 without a zone; the last 32 bits may be written as in IPv4, as inet_ntop writes mapped addresses. */
	private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

	private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
	private static final int FIXED = 16;

	/**
	 * Reads a header and leaves {@code in} at the byte after it.
	 *
	 * @return the header; null, with {@code in} unchanged, while it is incomplete
	 * @throws IllegalArgumentException at the first byte that cannot belong to a header
	 */
	static @Nullable ProxyHeader read(ByteBuffer in) {
		if (!in.hasRemaining()) {
			return null;
		}
		boolean line = in.get(in.position()) == LINE[0];
		byte[] beginning = line ? LINE : SIGNATURE;
		for (int i = 0; i < Math.min(beginning.length, in.remaining()); i++) {
			require(in.get(in.position() + i) == beginning[i], "no PROXY header");
		}
		return line ? readLine(in) : readBinary(in);
	}

	private static void require(boolean allowed, String otherwise) {
		if (!allowed) {
			throw new IllegalArgumentException(otherwise);
		}
	}

	/** Section 2.1: version 1. */
	private static @Nullable ProxyHeader readLine(ByteBuffer in) {
		int start = in.position();
		int end = Math.min(in.remaining(), LONGEST_LINE - 1);
		for (int length = 0; length < end; length++) {
			byte octet = in.get(start + length);
			if (octet != '\r') {
				require(octet >= ' ', "a control character, or one outside ASCII");
				continue;
			}
			if (in.remaining() == length + 1) {
				return null;
			}
			require(in.get(start + length + 1) == '\n', "CR without LF");
			byte[] text = new byte[length];
			in.get(text).position(start + length + 2);
			return line(new String(text, StandardCharsets.US_ASCII));
		}
		require(in.remaining() < LONGEST_LINE - 1, "longer than 107 bytes");
		return null;
	}

	private static ProxyHeader line(String text) {
		String[] fields = text.split(" ", -1);
		// "the receiver must ignore anything presented before the CRLF is found"
		if (fields[1].equals("UNKNOWN")) {
			return UNKNOWN;
		}
		Pattern address = switch (fields[1]) {
			case "TCP4" -> IPV4;
			case "TCP6" -> IPV6;
			default -> throw new IllegalArgumentException("an unknown family");
		};
		require(fields.length == 6, "not two addresses and two ports");
		return new ProxyHeader(address(address, fields[2], fields[4]), address(address, fields[3], fields[5]), false);
	}

	private static InetSocketAddress address(Pattern form, String host, String port) {
		require(form.matcher(host).matches() && (form == IPV4 || host.contains(":")), "no address of the family");
		require(PORT.matcher(port).matches(), "no port");
		return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(port));
	}

	/** Section 2.2: version 2. */
	private static @Nullable ProxyHeader readBinary(ByteBuffer in) {
		if (in.remaining() < FIXED) {
			return null;
		}
		ByteBuffer head = in.slice();
		int command = head.get(12) & 0xFF;
		require(command == 0x20 || command == 0x21, "an unknown version or command");
		boolean local = command == 0x20;
		int family = head.get(13) & 0xFF;
		int addresses = switch (family) {
			case 0x00 -> 0;
			case 0x11, 0x12 -> 2 * 4 + 4;
			case 0x21, 0x22 -> 2 * 16 + 4;
			case 0x31, 0x32 -> 2 * 108;
			default -> throw new IllegalArgumentException("an unknown family");
		};
		require(local || (family & 0xF) == 1, "no stream");
		int length = head.getChar(14);
		require(length <= LARGEST, "too long");
		require(local || length >= addresses, "addresses that are cut short");
		if (head.remaining() < FIXED + length) {
			return null;
		}
		in.position(in.position() + FIXED + length);
		// "the receiver must use the real connection endpoints and discard the protocol block including the family"
		return local ? UNKNOWN : body(head.limit(FIXED + length).position(FIXED), addresses);
	}

	private static ProxyHeader body(ByteBuffer header, int addresses) {
		boolean tls = new ProxyHeaderFacts(header.slice(FIXED + addresses, header.remaining() - addresses), header.duplicate().position(0))
				.tls();
		int size = (addresses - 4) / 2;
		if (size != 4 && size != 16) {
			return new ProxyHeader(null, null, tls); // a socket in the proxy's file system has no network address
		}
		InetAddress client = address(header, size);
		InetAddress server = address(header, size);
		return new ProxyHeader(new InetSocketAddress(client, header.getChar()), new InetSocketAddress(server, header.getChar()), tls);
	}

	private static InetAddress address(ByteBuffer in, int size) {
		byte[] address = new byte[size];
		in.get(address);
		try {
			return InetAddress.getByAddress(address);
		}
		catch (UnknownHostException e) {
			throw new IllegalStateException("4 or 16 bytes are an address", e);
		}
	}
}
