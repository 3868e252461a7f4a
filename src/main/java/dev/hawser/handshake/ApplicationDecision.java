package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.api.OnHandShake;

/**
 * The application's decision about a handshake.
 *
 * @param callback the callback that decides
 * @param turn when the callback is asked
 */
public record ApplicationDecision(OnHandShake callback, Turn turn) {

	/** When the application is asked, and whether it can overrule the built-in checks. */
	public enum Turn {
		/** The application is always asked and decides alone, as in Swoole; the result of the built-in checks is only advice. */
		INSTEAD_OF_THE_CHECKS,
		/**
		 * The application is asked about handshakes that the checks accept, and may refuse them. It cannot accept a handshake that
		 * the checks refuse.
		 */
		AFTER_THE_CHECKS
	}

	boolean isAskedAbout(HandshakeRejection rejection) {
		return turn == Turn.INSTEAD_OF_THE_CHECKS && !wantsNoUpgrade(rejection);
	}

	/**
	 * Whether the request does not ask for a WebSocket: another method, or an Upgrade to another protocol. Applications do not
	 * decide about these.
	 */
	private static boolean wantsNoUpgrade(HandshakeRejection rejection) {
		return rejection.status() == 405 || rejection.status() == 426;
	}
}
