package dev.hawser.api;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A permission of a client, in one group or in all groups of its hub. A client has it through a role of this name. An application
 * may give clients other roles as well; only its own code knows what those mean.
 *
 * @param action what the client may do
 * @param group  the group in which it may do so; null for all groups
 */
public record Permission(Action action, @Nullable String group) {

	/** What a client may do by itself in a group. Callbacks and callers of {@link Clients} need no permission. */
	public enum Action {
		/** Send messages to the members of a group. */
		SEND_TO_GROUP("webpubsub.sendToGroup"),
		/** Join and leave a group. */
		JOIN_LEAVE_GROUP("webpubsub.joinLeaveGroup");

		private final String role;

		Action(String role) {
			this.role = role;
		}
	}

	public Permission {
		if (group != null) {
			Names.requireGroup(group);
		}
	}

	/** The permission to send to all groups. */
	public static Permission sendToGroups() {
		return new Permission(Action.SEND_TO_GROUP, null);
	}

	/** The permission to send to one group. */
	public static Permission sendToGroup(String group) {
		return new Permission(Action.SEND_TO_GROUP, group);
	}

	/** The permission to join and leave all groups. */
	public static Permission joinLeaveGroups() {
		return new Permission(Action.JOIN_LEAVE_GROUP, null);
	}

	/** The permission to join and leave one group. */
	public static Permission joinLeaveGroup(String group) {
		return new Permission(Action.JOIN_LEAVE_GROUP, group);
	}

	/** The role through which a client has exactly this permission, as Azure Web PubSub names it. */
	public String role() {
		return group == null ? action.role : action.role + "." + group;
	}

	/**
	 * Whether a client with these roles has this permission: through a role for this group, for all groups, or for groups of a pattern
	 * ({@code webpubsub.sendToGroups.room.*}), in which {@code ?} is one character other than a dot, {@code *} any number of them, and {@code
	 * **} any number of any characters.
	 */
	public boolean isGivenBy(Collection<String> roles) {
		if (roles.contains(action.role) || (group != null && roles.contains(role()))) {
			return true;
		}
		String patterns = action.role + "s.";
		for (String role : roles) {
			if (role.startsWith(patterns) && isMeantBy(role.substring(patterns.length()))) {
				return true;
			}
		}
		return false;
	}

	private boolean isMeantBy(String pattern) {
		return group == null ? pattern.equals(GroupPattern.ALL) : GroupPattern.matches(pattern, group);
	}
}
