package dev.hawser.push;

import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * What a node is to do with its connections of a target: a method of {@link dev.hawser.api.Clients} as an object, which can be passed
 * on.
 */
public sealed interface Order {

	/**
	 * @param message a whole message, which has been checked
	 * @param millis  the time after which it is of no use; 0 for none
	 * @param once    name of the message, if a node that has sent it is not to send it again; null for none
	 */
	record Send(Frame message, long millis, @Nullable String once) implements Order {
		public Send(Frame message, long millis) {
			this(message, millis, null);
		}
	}

	/** @param status which may be sent, and has been checked */
	record Close(CloseStatus status) implements Order {
	}

	record Ping() implements Order {
	}

	/** @param groups names that groups can have */
	record Join(List<String> groups) implements Order {
		Join(Collection<String> groups) {
			this(List.copyOf(groups));
		}
	}

	record Leave(List<String> groups) implements Order {
		Leave(Collection<String> groups) {
			this(List.copyOf(groups));
		}
	}

	record LeaveAll() implements Order {
	}

	record Permit(Permission permission) implements Order {
	}

	record Forbid(Permission permission) implements Order {
	}

	/** Whether the connection has the permission: done is 1 if so. */
	record IsPermitted(Permission permission) implements Order {
	}

	/** For one connection: done is 1 for a renewal, refused is 1 for another subject. */
	record Renew(Renewal renewal) implements Order {
	}

	/** Done is the number of connections that are being closed. */
	record Revoke() implements Order {
	}

	/** As {@link Revoke}, for all connections of the node; its target does not matter. */
	record RevokeToken(String tokenId) implements Order {
	}

	/** Done is the number of connections. */
	record Count() implements Order {
	}

	/**
	 * A page of connections, in the order of their fds.
	 *
	 * @param after {@link dev.hawser.api.ConnectionPage#next} of the page before of this node; null for the first
	 */
	record Page(@Nullable String after, int size) implements Order {
	}

	/**
	 * For one connection: what has happened to it, as of {@link ConnectionWatch}. Done is the number of the last event, refused the
	 * number of those that are left out.
	 *
	 * @param after the number of the last event that is known already; 0 for none
	 */
	record Watch(long after) implements Order {
	}
}
