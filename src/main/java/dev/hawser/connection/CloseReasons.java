package dev.hawser.connection;

import org.springframework.web.socket.CloseStatus;

/** The statuses with which this server closes a connection by itself; those for broken frames are in {@code Violation}. */
public final class CloseReasons {
	/** This node stops, or an operator drains it. A client that reconnects reaches another node, or this one when it is back. */
	public static final CloseStatus SHUTDOWN = new CloseStatus(1012, "service restart");
	/** No message for {@code hawser.connection.idle-timeout}. */
	public static final CloseStatus IDLE = new CloseStatus(1001, "idle timeout");
	/** The peer left a ping unanswered for {@code hawser.connection.pong-timeout}. */
	public static final CloseStatus NO_PONG = new CloseStatus(1001, "no pong");
	/** A callback threw. The exception is in the server's log. */
	public static final CloseStatus CALLBACK_FAILED = new CloseStatus(1011, "callback failed");
	/** The outbox is full, since the peer reads too slowly. Reconnect and catch up by other means. */
	public static final CloseStatus SLOW_CONSUMER = new CloseStatus(1013, "slow consumer");
	/**
	 * The client sends faster than {@code hawser.connection.limits} allow, and the settings say to close. Reconnect and send less.
	 */
	public static final CloseStatus OVER_RATE = new CloseStatus(1008, "rate limit");
	/** The memory for clients is used up, and this connection held most of it. Reconnect with back-off. */
	public static final CloseStatus NO_MEMORY = new CloseStatus(1013, "no memory");
	/** As {@link #NO_MEMORY}, with most of it for a long message that had not ended. Send shorter messages. */
	public static final CloseStatus NO_MEMORY_FOR_MESSAGE = new CloseStatus(1009, "no memory for this message");
	/** The client has not confirmed as many messages as are kept for one. It cannot have the next ones, and must begin anew. */
	public static final CloseStatus UNCONFIRMED = new CloseStatus(1008, "too many unconfirmed messages");
	/** Messages from another node to this one are lost. A client that is promised every message must begin anew. */
	public static final CloseStatus MESSAGES_LOST = new CloseStatus(1008, "messages lost");
	/** The client has come back on another socket, which its connection uses from now on. */
	public static final CloseStatus REPLACED = new CloseStatus(1012, "replaced by another socket");
	/** There is no connection that this client could come back to. It must begin anew. */
	public static final CloseStatus NOT_RECOVERED = new CloseStatus(1008, "connection cannot be recovered");
	/** The connection cannot be brought from its node now. The client can come back to it a little later. */
	public static final CloseStatus NOT_YET_RECOVERED = new CloseStatus(1013, "come back a little later");
	/** More connections opened at the same moment than the hub allows. Reconnect with back-off. */
	public static final CloseStatus FULL = new CloseStatus(1013, "full");
	/** The user or the address has the maximum number of connections. Close another first. */
	public static final CloseStatus TOO_MANY = new CloseStatus(1008, "too many connections");
	/** The token has expired and no fresh one was presented. Reconnect with a fresh one. */
	public static final CloseStatus TOKEN_EXPIRED = new CloseStatus(4401, "token expired");
	/** The user or the token was revoked. Log in again. */
	public static final CloseStatus REVOKED = new CloseStatus(4403, "revoked");

	private CloseReasons() {
	}
}
