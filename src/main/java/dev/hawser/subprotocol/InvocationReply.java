package dev.hawser.subprotocol;

import dev.hawser.api.Frame;
import dev.hawser.api.SendResult;
import dev.hawser.connection.Subprotocol.Envelope;
import dev.hawser.connection.WebSocketConnection;
import java.util.concurrent.atomic.AtomicBoolean;

/** The request behind an invocation: it has exactly one answer. */
final class InvocationReply implements Frame.Request {
	private final WebSocketConnection connection;
	private final String invocationId;
	private final AtomicBoolean answered = new AtomicBoolean();
	private volatile boolean failed;

	InvocationReply(WebSocketConnection connection, String invocationId) {
		this.connection = connection;
		this.invocationId = invocationId;
	}

	@Override
	public SendResult reply(Frame answer) {
		if (!answer.finish() || !(answer.isText() || answer.isBinary())) {
			throw new IllegalArgumentException("An invocation is answered with a whole text or binary message, not with " + answer + ".");
		}
		Envelope envelope = Envelope.of(answer);
		if (!answered.compareAndSet(false, true)) {
			return SendResult.ALREADY_ANSWERED;
		}
		SendResult result = connection.send(JsonMessages.invokeResponse(invocationId, answer.data(), envelope));
		if (result instanceof SendResult.TooLarge) { // a shorter one may follow
			failed = true;
			answered.set(false);
		}
		connection.hub().observer().pushed(connection, result);
		return result;
	}

	@Override
	public void fail() {
		failed = true;
	}

	/**
	 * The callback is over: an invocation that it has not answered is answered now.
	 *
	 * @param taken whether the application has taken the event
	 * @return whether the client got an answer that is no failure
	 */
	boolean end(boolean taken) {
		if (!answered.compareAndSet(false, true)) {
			return true;
		}
		boolean succeeded = taken && !failed;
		connection.send(succeeded ? JsonMessages.emptyInvokeResponse(invocationId)
				: JsonMessages.failedInvokeResponse(invocationId, Failure.INTERNAL, "Internal server error"));
		return succeeded;
	}
}
