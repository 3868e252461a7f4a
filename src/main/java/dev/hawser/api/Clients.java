package dev.hawser.api;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Reaches all connected clients, on every node: each method acts on the connections of a {@link Target}. A bean that an application
 * can inject.
 *
 * <p>Any thread may call, and no method waits for the network. The returned stage completes with the result. On a single node it is
 * complete when the method returns; with several nodes it may complete on a thread of Hawser, which must not be blocked. A target
 * without connections is a result, not an error: a stage fails only when Hawser itself fails, and a method throws only for a call
 * that could never succeed, such as one with a filter that cannot be read. Messages from one caller to one target reach each connection in the order of the calls.
 *
 * <p>{@link WebSocketServer} does the same for the connections of this node by their {@code fd}, and returns results at once.
 */
public interface Clients {
	/** Most connections in one page of {@link #list}. */
	int MAX_PAGE = 200;

	/**
	 * Sends a whole text or binary message. It is encoded once, and compressed once, for all connections that get it in the same
	 * form.
	 *
	 * @throws IllegalArgumentException for a fragment, a control frame, and for a text that is not UTF-8
	 */
	CompletionStage<Delivery> send(Target target, Frame message);

	/**
	 * As {@link #send(Target, Frame)}, and drops the message for each client for which it still waits after this time.
	 *
	 * @param within a positive time
	 * @throws IllegalArgumentException also for a time that is not positive
	 */
	CompletionStage<Delivery> send(Target target, Frame message, Duration within);

	/**
	 * Starts the closing handshake: sends a close frame after the messages that wait, and delivers no more messages to callbacks.
	 *
	 * @throws IllegalArgumentException for a code that must not be sent, or a reason over 123 bytes of UTF-8
	 */
	CompletionStage<Delivery> close(Target target, CloseStatus status);

	/** Sends an empty ping. Any byte from a client counts as its answer. */
	CompletionStage<Delivery> ping(Target target);

	/**
	 * Makes the connections members of a group of their hub; existing members stay members. A connection that is already in the
	 * maximum number of groups counts as refused.
	 *
	 * @throws IllegalArgumentException for a name that no group can have, see {@link Names}
	 */
	default CompletionStage<Delivery> join(Target target, String group) {
		return join(target, Set.of(group));
	}

	/**
	 * As {@link #join(Target, String)}, for several groups. A connection joins all of them, or none when they would be too many: then it
	 * counts as refused.
	 */
	CompletionStage<Delivery> join(Target target, Collection<String> groups);

	/** Removes the connections from a group of their hub; a connection that was not a member counts as done. */
	default CompletionStage<Delivery> leave(Target target, String group) {
		return leave(target, Set.of(group));
	}

	/** As {@link #leave(Target, String)}, for several groups. */
	CompletionStage<Delivery> leave(Target target, Collection<String> groups);

	/** Removes the connections from all groups that they are in. */
	CompletionStage<Delivery> leaveAll(Target target);

	/**
	 * Gives the connections a permission; those that have it keep it. A connection that already has the maximum number of roles counts
	 * as refused.
	 */
	CompletionStage<Delivery> permit(Target target, Permission permission);

	/**
	 * Takes a permission away from the connections; a connection that did not have it counts as done. Only the same permission is
	 * taken away: a client that may send to all groups may still send to each of them after the permission for one group has been
	 * taken away.
	 */
	CompletionStage<Delivery> forbid(Target target, Permission permission);

	/** Whether the connection has the permission, for the group itself or for all groups. False for an unknown connection. */
	CompletionStage<Boolean> isPermitted(Target.Connection connection, Permission permission);

	/** Gives an open connection a fresh token, which the caller has verified. */
	CompletionStage<Renewal.Result> renew(Target.Connection connection, Renewal renewal);

	/**
	 * Closes the connections with 4403. The user can connect again with a valid token: revoke the tokens at their issuer first.
	 *
	 * @return the number of connections that are being closed
	 */
	CompletionStage<Long> revoke(Target target);

	/** As {@link #revoke}, for the connections of all hubs that were opened with the token with this {@code jti}. */
	CompletionStage<Long> revokeToken(String tokenId);

	/** Whether the target has a connection whose closing handshake is not over. */
	CompletionStage<Boolean> exists(Target target);

	/** The number of the target's connections whose closing handshake is not over. */
	CompletionStage<Long> count(Target target);

	/** The connection as it is now; empty for one that does not exist, or whose closing handshake is over. */
	CompletionStage<Optional<ConnectionSnapshot>> find(Target.Connection connection);

	/**
	 * A page of the target's connections. Connections that open or close meanwhile may be missing or listed; none is listed twice.
	 *
	 * @param after null for the first page, otherwise {@link ConnectionPage#next} of the page before
	 * @param size  1 to {@value #MAX_PAGE}
	 * @throws IllegalArgumentException for another size, and for an {@code after} that no page has returned
	 */
	CompletionStage<ConnectionPage> list(Target target, @Nullable String after, int size);
}
