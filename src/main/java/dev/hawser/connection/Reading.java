package dev.hawser.connection;

import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.execution.CallbackSequence;
import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.limit.Rate;
import dev.hawser.connection.outbox.Outbox;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on one connection, and when it is not read: while callbacks run that may block, and while the client is ahead
 * of the rate that its hub allows. Replies to messages that came together go out together.
 */
final class Reading implements CallbackSequence.Pause {
	private final WebSocketConnection connection;
	/** Null while there is no limit. Used by the reading thread alone. */
	private @Nullable Rate rate;
	/** Whether the client must wait; written under the connection's lock. */
	private volatile boolean resting;

	Reading(WebSocketConnection connection) {
		this.connection = connection;
	}

	/** Takes all that one read brought. Returns whether to go on reading; if not, {@link Transport#resume} will say when. */
	boolean received(ByteBuffer in) {
		Inbox inbox = connection.inbox();
		Outbox outbound = connection.outbound();
		CallbackSequence callbacks = connection.callbacks();
		long messagesBefore = inbox.messages();
		int bytes = in.remaining();
		if (connection.traits().nonBlocking().contains(CallbackKind.MESSAGE) && callbacks.runHere(() -> runCorked(in))) {
			return !mustRest(inbox.messages() - messagesBefore, bytes);
		}
		outbound.cork();
		List<Runnable> events = inbox.readAndCollect(in);
		outbound.uncork();
		boolean rest = mustRest(inbox.messages() - messagesBefore, bytes);
		if (events.isEmpty()) {
			return !rest;
		}
		// Back-pressure: nothing more is read until these have run.
		callbacks.submitAndPause(events);
		return false;
	}

	private void runCorked(ByteBuffer in) {
		connection.outbound().cork();
		try {
			connection.inbox().readAndRun(in);
		}
		finally {
			connection.outbound().uncork();
		}
	}

	/** Whether the client has sent more than it may: it is then not read until it is in its time again, or closed. */
	private boolean mustRest(long messages, int bytes) {
		LimitSettings limits = connection.hub().settings().limits();
		if (!limits.limitsTraffic()) {
			return false;
		}
		if (rate == null || !rate.isOf(limits)) {
			rate = new Rate(limits);
		}
		long ahead = rate.take(messages, bytes);
		if (ahead == 0) {
			return false;
		}
		connection.observer().overRate();
		return switch (limits.overRate()) {
			case CLOSE -> {
				connection.closing().fail(CloseReasons.OVER_RATE);
				yield false;
			}
			case DELAY -> connection.whileOpen(() -> rest(TimeUnit.NANOSECONDS.toMillis(ahead) + 1));
		};
	}

	private void rest(long millis) {
		resting = true;
		connection.after(millis, this::endRest);
	}

	/** Whether nothing holds it up. */
	boolean isOn() {
		return !connection.callbacks().readingPaused() && !resting;
	}

	WebSocketConnection connection() {
		return connection;
	}

	/** Called under the connection's lock. */
	@Override
	public void busy() {
		connection.outbound().cork();
		connection.gathers(true);
	}

	/** Called under the connection's lock. */
	@Override
	public void idle() {
		connection.outbound().uncork();
		connection.gathers(false);
		resume();
	}

	/** The callbacks hold it up no more. Called under the connection's lock. */
	private void resume() {
		if (connection.callbacks().endPause() && !resting) {
			connection.goOnReading();
		}
	}

	/** Nothing is delivered any more, so there is nothing to hold back. Called under the connection's lock. */
	void release() {
		endRest();
		resume();
	}

	/** The client is in its time again. Called under the connection's lock. */
	private void endRest() {
		boolean rested = resting;
		resting = false;
		if (rested && !connection.callbacks().readingPaused()) {
			connection.goOnReading();
		}
	}
}
