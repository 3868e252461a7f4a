package dev.hawser.connection.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where a client comes from, as limits count it. */
public record ClientAddress(InetAddress address) {

	/** Null for a socket without an IP address. */
	public static @Nullable ClientAddress of(@Nullable InetSocketAddress socket) {
		return socket == null || socket.getAddress() == null ? null : new ClientAddress(socket.getAddress());
	}

	/** Whoever has an IPv6 address has 2^64 of them (RFC 6177): the network counts, not the address. */
	public Object key() {
		return address instanceof Inet6Address ? (Object) ByteBuffer.wrap(address.getAddress()).getLong() : address;
	}
}
