package dev.hawser.api;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * All clients that are connected, on whichever node: every verb is carried out for a {@link Target}. To be injected like any bean.
 *
 * <p>Any thread may call, and no verb waits for the network. A verb's stage completes with what became of it; on one node it is complete
 * when the verb returns, with several it may complete on a thread of Hawser's, on which nothing must wait. That nobody is there is a result;
 * a stage fails only where Hawser has, and a verb throws only for what could never succeed. What one caller sends to one target arrives at
 * each connection in that order.
 *
 * <p>{@link WebSocketServer} does the same for the connections of this node by their {@code fd}, and answers at once.
 */
public interface Clients {
	/** Most connections in one page of {@link #list}. */
	int MAX_PAGE = 200;

	/**
	 * Sends a whole text or binary message. It is encoded, and where agreed compressed, once for all who get it in the same form.
	 *
	 * @throws IllegalArgumentException for a fragment, a control frame, and for a text that is not UTF-8
	 */
	CompletionStage<Delivery> send(Target target, Frame message);

	/**
	 * Starts the closing handshake: sends a close frame behind what waits, and delivers no more messages.
	 *
	 * @throws IllegalArgumentException for a code that must not be sent, or a reason over 123 bytes of UTF-8
	 */
	CompletionStage<Delivery> close(Target target, CloseStatus status);

	/** Sends an empty ping. Any byte from a client counts as its answer. */
	CompletionStage<Delivery> ping(Target target);

	/**
	 * Makes the connections members of a group of their hub; those that are members stay so. Those that are in as many groups as they may be
	 * have not taken it.
	 *
	 * @throws IllegalArgumentException for a name that is empty or longer than {@value WebSocketServer#MAX_GROUP_NAME} characters
	 */
	CompletionStage<Delivery> join(Target target, String group);

	/** Ends the membership of the connections in a group of their hub; a connection that was no member counts as done. */
	CompletionStage<Delivery> leave(Target target, String group);

	/** Gives an open connection a fresh token, which the caller has verified. */
	CompletionStage<Renewal.Result> renew(Target.Connection connection, Renewal renewal);

	/**
	 * Closes the connections with 4403. A token that names the user still lets it in again: take that away at its issuer first.
	 *
	 * @return how many are being closed
	 */
	CompletionStage<Long> revoke(Target target);

	/** As {@link #revoke}, for the connections of all hubs that the token with this {@code jti} let in. */
	CompletionStage<Long> revokeToken(String tokenId);

	/** Whether any connection is meant whose closing handshake is not over. */
	CompletionStage<Boolean> exists(Target target);

	/** How many connections are meant whose closing handshake is not over. */
	CompletionStage<Long> count(Target target);

	/**
	 * A page of the connections that are meant. Connections that come and go meanwhile may be missing or be there; none is there twice.
	 *
	 * @param after where the page begins: null for the first page, then {@link ConnectionPage#next} of the page before
	 * @param size  1 to {@value #MAX_PAGE}
	 * @throws IllegalArgumentException for another size, and for an {@code after} that no page has given
	 */
	CompletionStage<ConnectionPage> list(Target target, @Nullable String after, int size);
}
