package dev.hawser.connection.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A client's address, as limits count it. */
public record ClientAddress(InetAddress address) {

	/** Null for a socket without an IP address. */
	public static @Nullable ClientAddress of(@Nullable InetSocketAddress socket) {
		return socket == null || socket.getAddress() == null ? null : new ClientAddress(socket.getAddress());
	}

	/**
	 * The key under which limits count. For IPv6 this is the /64 network, since one client usually has 2^64 addresses (RFC 6177).
	 */
	public Object key() {
		return address instanceof Inet6Address ? (Object) ByteBuffer.wrap(address.getAddress()).getLong() : address;
	}

	/** A {@link #key} as text: an IPv4 address, or the first address of an IPv6 network. */
	public static String name(Object key) {
		try {
			return key instanceof Long network
					? InetAddress.getByAddress(ByteBuffer.allocate(2 * Long.BYTES).putLong(network).array()).getHostAddress()
					: ((InetAddress) key).getHostAddress();
		}
		catch (UnknownHostException e) {
			throw new IllegalStateException("An IPv6 address has 16 bytes", e);
		}
	}

	/** The address with this {@link #name}. */
	public static ClientAddress named(String name) {
		return new ClientAddress(InetAddress.ofLiteral(name));
	}
}
