package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import org.jspecify.annotations.Nullable;

/** Says whether there is room for the connection that a handshake asks for. Called on the threads that handle handshakes. */
public interface Admission {

	/** Whether there is room for one more connection from the client's address; called once, before the checks that cost more. */
	@Nullable
	HandshakeRejection ofAddress(Handshake handshake);

	/**
	 * Whether there is room for one more connection of the user; called when the token has been checked, and again when the application
	 * has named another user. Asks other nodes, if need be, and does not wait for their answer.
	 */
	@Nullable
	HandshakeRejection ofUser(Handshake handshake);

	/** What other nodes have answered: called last, before the 101. Waits for a moment, where the endpoint says that it may. */
	@Nullable
	HandshakeRejection ofOtherNodes(Handshake handshake);

	/** The handshake was refused or has failed, so that there will be no connection. */
	void gaveUp(Handshake handshake);
}
