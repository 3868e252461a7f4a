package dev.hawser.subprotocol;

import dev.hawser.api.Frame;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request of a client, read and checked. Each {@code ackId} is a uint64, null when the client wants no ack. */
sealed interface Request {

	/** The request that a client makes with an {@code ackId} gets an ack. */
	sealed interface Acked extends Request {
		@Nullable
		Long ackId();
	}

	record JoinGroup(String group, @Nullable Long ackId) implements Acked {
	}

	record LeaveGroup(String group, @Nullable Long ackId) implements Acked {
	}

	/**
	 * @param content what to send
	 * @param noEcho  whether the sender does not get the message
	 * @param ttl     after this time the message is of no use; zero for no limit
	 */
	record SendToGroup(String group, Frame content, boolean noEcho, Duration ttl, @Nullable Long ackId) implements Acked {
	}

	/** @param name the event's name, as the client spells it */
	record Event(String name, Frame content, @Nullable Long ackId) implements Acked {
	}

	/** An event that waits for one answer. */
	record Invoke(String invocationId, String event, Frame content) implements Request {
	}

	/** The client does not want the answer any more. */
	record CancelInvocation(String invocationId) implements Request {
	}

	record Ping() implements Request {
	}

	/** @param sequenceId a uint64: the client has received the messages up to this one */
	record SequenceAck(long sequenceId) implements Request {
	}
}
