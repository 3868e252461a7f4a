package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.api.OnHandShake;

/**
 * The application's part in the decision about a handshake.
 *
 * @param callback decides
 * @param turn     when it is asked
 */
public record ApplicationDecision(OnHandShake callback, Turn turn) {

	/** When the application is asked, and what its decision is worth. */
	public enum Turn {
		/** Whatever the door's checks found, which is only advice to it: its decision counts alone, as Swoole's does. */
		INSTEAD_OF_THE_CHECKS,
		/** Only about what the checks let pass: what they refuse is refused, and it can refuse more. */
		AFTER_THE_CHECKS
	}

	boolean isAskedAbout(HandshakeRejection rejection) {
		return turn == Turn.INSTEAD_OF_THE_CHECKS && !wantsNoUpgrade(rejection);
	}

	/** Another method, or an Upgrade to something else: nothing that an application could decide. */
	private static boolean wantsNoUpgrade(HandshakeRejection rejection) {
		return rejection.status() == 405 || rejection.status() == 426;
	}
}
