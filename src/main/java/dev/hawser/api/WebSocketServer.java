package dev.hawser.api;

import dev.hawser.protocol.Opcode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.springframework.web.socket.CloseStatus;

/**
 * Sends to the connections of this node, closes them and describes them, for callbacks, controllers and timers. Safe for any
 * thread; no call blocks on the network. A connection that has gone is a result, never an exception; only calls that could never
 * succeed throw.
 */
public interface WebSocketServer {

	/** Most fds in one page of {@link #connectionList}. */
	int MAX_PAGE = 100;

	/** Most groups that a connection may be in, unless {@code hawser.connection.limits.groups} of its hub has another number. */
	int MAX_GROUPS = 1000;

	/** Longest name of a group, in characters. */
	int MAX_GROUP_NAME = 1024;

	/**
	 * Sends a text message. Half a surrogate pair, which UTF-8 has no bytes for, goes out as a question mark, as with
	 * {@link String#getBytes()}; the same holds for text frames and for the reasons of {@link #disconnect(long, int, String)}.
	 */
	SendResult push(long fd, String text);

	/** Sends a binary message; the array must not be changed afterwards. */
	SendResult push(long fd, byte[] data);

	/**
	 * Sends a frame: its opcode, its payload, and whether it finishes its message. A ping or pong is sent as a control frame; a
	 * close frame closes the connection with the code in its body.
	 */
	SendResult push(long fd, Frame frame);

	/**
	 * Sends a whole text or binary message that is of use only for a limited time. If the message still waits in the outbox of a
	 * slow client when the time is over, it is dropped and counted. On a connection whose messages share a compression window it is
	 * sent nevertheless.
	 *
	 * @throws IllegalArgumentException for any other frame, and for a time that is not positive
	 */
	SendResult push(long fd, Frame message, Duration within);

	/**
	 * Sends a frame of any kind. {@code finish} false starts or continues a message in fragments: first TEXT or BINARY, then
	 * CONTINUATION, the last with {@code finish} true. Whole messages pushed meanwhile wait for the end of the fragmented one.
	 *
	 * @throws IllegalArgumentException for a control frame over 125 bytes or with {@code finish} false, for a continuation without
	 *     a message, for a whole text message that is not UTF-8, and for a close frame with a code that must not be sent
	 * @throws IllegalStateException for the first fragment of a message while another fragmented message to this connection is
	 *     unfinished; it is best to push all fragments of a connection from one thread
	 */
	SendResult push(long fd, byte[] data, Opcode opcode, boolean finish);

	/**
	 * Sends a whole text or binary message to every established connection of this node. The message is encoded once for all
	 * receivers, and compressed once for those that agreed on compression. Connections that open meanwhile may or may not receive
	 * the message.
	 */
	BroadcastResult broadcast(Frame message);

	/** As {@link #broadcast(Frame)}, but only to those of the given connections that are established. */
	BroadcastResult broadcast(Frame message, LongStream fds);

	/** Closes the connection with 1000. */
	SendResult disconnect(long fd);

	/**
	 * Starts the closing handshake: sends a close frame after the messages that wait, delivers no more messages to callbacks, and
	 * closes the socket when the client has answered.
	 *
	 * @param code   1000 to 1003, 1007 to 1014, 3000 to 4999
	 * @param reason at most 123 bytes of UTF-8
	 */
	SendResult disconnect(long fd, int code, String reason);

	/**
	 * Closes the socket without a close frame: the client sees 1006. Waiting messages are still sent. False when there was nothing
	 * to close.
	 */
	boolean hangUp(long fd);

	/** As {@link #hangUp}, but with a TCP reset: waiting messages are lost. False when there was nothing to close. */
	boolean reset(long fd);

	/** Sends an empty ping. Any byte from the client counts as an answer. */
	SendResult ping(long fd);

	/** Sends a ping with at most 125 bytes, which the client's pong carries back. */
	SendResult ping(long fd, byte[] data);

	/** Whether the connection exists and its closing handshake is not over. */
	boolean exists(long fd);

	/** Whether messages can be sent: the connection exists, and no close frame has been sent or received. */
	boolean isEstablished(long fd);

	/** The connection as it is now; also available in its {@link OnClose}. Empty for an unknown fd. */
	Optional<ConnectionSnapshot> connectionInfo(long fd);

	/** The roles of the connection: those from its handshake, and those of {@link Clients#permit}; empty for an unknown fd. */
	Set<String> roles(long fd);

	/** The fds of all connections on this node, in no order; connections may come and go meanwhile. */
	LongStream connections();

	/** As {@link #connections()}, of one hub; none for a hub that does not exist. */
	LongStream connections(String hub);

	/**
	 * A page of fds, ascending.
	 *
	 * @param afterFd  the last fd of the page before; 0 for the first page
	 * @param pageSize 1 to {@value #MAX_PAGE}
	 */
	List<Long> connectionList(long afterFd, int pageSize);

	/**
	 * Binds a connection to a user; possible once for a connection. It then belongs to that user instead of the user that its token
	 * named.
	 *
	 * @throws IllegalArgumentException for a name that no user can have, see {@link Names}
	 */
	BindResult bind(long fd, String userId);

	/**
	 * Makes the connection a member of a group of its hub. A group exists as long as it has a member. A connection leaves all its
	 * groups when it ends.
	 *
	 * @throws IllegalArgumentException for a name that no group can have, see {@link Names}
	 */
	JoinResult join(long fd, String group);

	/** Removes the connection from a group of its hub. */
	LeaveResult leave(long fd, String group);

	/** The groups that the connection is in; also available in its {@link OnClose}. Empty for an unknown fd. */
	Set<String> groups(long fd);

	/** The fds of a group's members on this node, in no order; none for a group or a hub that does not exist. */
	LongStream members(String hub, String group);

	/**
	 * The connection's attributes: the entries that {@link OnHandShake} or {@link OnOpen} has put into {@link
	 * HandshakeRequest#attributes}, and those that callbacks have added here since; also available in its {@link OnClose}. Each
	 * connection has a map of its own. Its callbacks may change the map, since they never run at the same time; another thread may
	 * read the map only while no callback changes it. Empty and unmodifiable for an unknown fd.
	 */
	Map<String, Object> attributes(long fd);

	/**
	 * Closes every connection of a user on this node with 4403. The user can connect again with a valid token: revoke the tokens at
	 * their issuer first.
	 *
	 * @return the number of connections that were closed
	 */
	int revokeUser(String userId);

	/** As {@link #revokeUser}, for the connections that the token with this {@code jti} let in. */
	int revokeToken(String tokenId);

	/**
	 * Runs the task later; tasks run in the order of the calls. From {@link OnHandShake} the task runs when the 101 is on the wire,
	 * and not at all if the handshake is refused. From another callback it runs after that callback and before the next one of the
	 * connection. From anywhere else it runs at once on a virtual thread.
	 */
	void defer(Runnable task);

	/** Totals of this node. */
	ServerStats stats();

	/**
	 * Answers a message that {@link OnMessage} has received: sends text, bytes or JSON ({@link Frame#json(String)}) to its sender. A client that
	 * uses a subprotocol and waits for an answer to its request gets it as that answer. Such a request has exactly one: a second reply
	 * to it, and one after the callback has returned, is {@link SendResult.AlreadyAnswered}; without any, the client gets an empty answer.
	 *
	 * @param answer a whole message; its {@code fd} is ignored
	 * @throws IllegalArgumentException for a fragment, a control frame, and for text or JSON that is not valid
	 */
	default SendResult reply(Frame frame, Frame answer) {
		Frame.Request request = frame.request();
		return request == null ? push(frame.fd(), answer) : request.reply(answer);
	}

	/** As {@link #reply(Frame, Frame)}, with a text message. */
	default SendResult reply(Frame frame, String text) {
		return frame.request() == null ? push(frame.fd(), text) : reply(frame, Frame.text(frame.fd(), text));
	}

	/** As {@link #reply(Frame, Frame)}, with a binary message; the array must not be changed afterwards. */
	default SendResult reply(Frame frame, byte[] data) {
		return frame.request() == null ? push(frame.fd(), data) : reply(frame, Frame.binary(frame.fd(), data));
	}

	/** As {@link #disconnect(long, int, String)}. */
	default SendResult disconnect(long fd, CloseStatus status) {
		return disconnect(fd, status.getCode(), status.getReason() == null ? "" : status.getReason());
	}
}
