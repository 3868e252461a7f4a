package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Says whether there is room for one more connection. Called on the threads that handle handshakes; must not wait. */
public interface Admission {
	/**
	 * What stands against a handshake from this address, or null. Asked once for each, before anything costly.
	 *
	 * @param address the client's; null when its socket is already gone
	 */
	@Nullable
	HandshakeRejection ofAddress(@Nullable InetSocketAddress address);

	/** What stands against a connection of this user, or null. Asked when the token has been checked. */
	@Nullable
	HandshakeRejection ofUser(String user);
}
