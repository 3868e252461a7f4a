package dev.hawser.push;

import dev.hawser.api.WebSocketServer;

/** The rule for names of groups. */
final class GroupName {

	private GroupName() {
	}

	/** @throws IllegalArgumentException for a name that no group can have */
	static void require(String group) {
		if (group.isEmpty() || group.length() > WebSocketServer.MAX_GROUP_NAME) {
			throw new IllegalArgumentException("A group's name must have 1 to " + WebSocketServer.MAX_GROUP_NAME
					+ " characters; this one has " + group.length() + ".");
		}
	}
}
