package dev.hawser.connection;

import dev.hawser.api.Frame;
import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.execution.CallbackSequence;
import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.connection.outbox.Outbox;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Calls the application for one connection. Each call is timed and followed by the tasks that it deferred; an exception ends this
 * connection only. Called by the connection's {@link CallbackSequence} only, so never twice at the same time.
 */
final class HandlerCalls implements Subprotocol.Application {
	private static final Logger LOG = LoggerFactory.getLogger(HandlerCalls.class);

	private final WebSocketConnection session;
	private final WebSocketHandler handler;
	private final @Nullable CallbackContext context;
	private final CallbackSequence<?> sequence;
	private final Closing closing;
	private final Outcome outcome;
	private final boolean takesFrames;
	/** Whether the connection comes from another node or leaves for one, and the application is told nothing. */
	private volatile boolean silent;
	/** Whether the last event has begun. Written and read by events only. */
	private boolean ended;

	/** Told when the calls end. */
	@FunctionalInterface
	interface Outcome {
		/** The last callback is over. Called once, on its thread. */
		void over(CloseStatus status);
	}

	/**
	 * @param session passed to the handler
	 * @param traits  what the handler expects
	 * @param closing ends the connection when a callback throws
	 */
	HandlerCalls(WebSocketConnection session, WebSocketHandler handler, HandlerTraits traits, CallbackSequence<?> sequence, Closing closing,
			Outcome outcome) {
		this.session = session;
		this.handler = handler;
		this.context = session.hub().observer().context();
		this.sequence = sequence;
		this.closing = closing;
		this.outcome = outcome;
		this.takesFrames = traits.takesArrays();
	}

	/** The application is told nothing of groups and of the end, as long as this is so. */
	void silent(boolean now) {
		silent = now;
	}

	/** Tells the observer that the connection is open. */
	void tellOpened() {
		try {
			session.hub().observer().opened(session);
		}
		catch (RuntimeException | Error e) {
			LOG.error("An observer of {} threw", session.getId(), e);
		}
		LOG.debug("{} open", session.getId());
	}

	/**
	 * Makes the first call. A handler that does not block is called on this thread, with its replies gathered; otherwise on a new
	 * thread.
	 */
	void start(HandlerTraits traits, Outbox outbox) {
		if (traits.nonBlocking().contains(CallbackKind.OPEN)) {
			sequence.startHere(() -> openedCorked(outbox));
		}
		else {
			sequence.start(this::opened);
		}
	}

	/** Makes the last call, after those that wait. Must be called under the connection's lock. */
	void end(HandlerTraits traits, CloseStatus status) {
		if (traits.nonBlocking().contains(CallbackKind.CLOSE)) {
			sequence.submitLastHere(() -> closed(status));
		}
		else {
			sequence.submitLast(() -> closed(status));
		}
	}

	/** Runs the event behind the calls that run or wait: at once and on this thread if there are none. */
	void runBehind(Runnable event) {
		sequence.runBehind(event);
	}

	private void openedCorked(Outbox outbox) {
		outbox.cork();
		try {
			opened();
		}
		finally {
			outbox.uncork();
		}
	}

	private void opened() {
		call(CallbackKind.OPEN, () -> handler.afterConnectionEstablished(session));
	}

	@Override
	public void message(WebSocketMessage<?> message) {
		if (context != null) {
			call(CallbackKind.MESSAGE, () -> handler.handleMessage(session, message));
			return;
		}
		long start = sequence.begin();
		try {
			handler.handleMessage(session, message); // as in call, but without an object for each message
		}
		catch (Throwable e) {
			failed(CallbackKind.MESSAGE, e);
		}
		finish(CallbackKind.MESSAGE, start);
	}

	@Override
	public boolean event(Frame frame) {
		HandlerTraits.FrameMessage message = new HandlerTraits.FrameMessage(frame);
		boolean[] taken = new boolean[1];
		call(CallbackKind.MESSAGE, () -> taken[0] = isTaken(message));
		return taken[0];
	}

	private boolean isTaken(HandlerTraits.FrameMessage message) {
		try {
			handler.handleMessage(session, takesFrames ? message : message.asSpringMessage());
			return true;
		}
		catch (Throwable e) {
			EngineThreads.endProcessIfFatal(e);
			LOG.error("The {} callback of {} threw; its client is told that the event failed", CallbackKind.MESSAGE, session.getId(), e);
			return false;
		}
	}

	/** Tells the application that the connection has joined a group. Any thread may call. */
	void joined(String group) {
		submit(group, HandlerTraits.GroupHandler::joined);
	}

	/** As {@link #joined}, when the connection has left a group. */
	void left(String group) {
		submit(group, HandlerTraits.GroupHandler::left);
	}

	private interface GroupCall {
		void run(HandlerTraits.GroupHandler groups, WebSocketConnection session, String group) throws Exception;
	}

	private void submit(String group, GroupCall change) {
		if (!silent && handler instanceof HandlerTraits.GroupHandler groups && groups.wantsGroups()) {
			sequence.submit(List.of(() -> {
				if (!ended) {
					call(CallbackKind.GROUP, () -> change.run(groups, session, group));
				}
			}));
		}
	}

	/** The connection leaves the groups that it is still in. */
	private void leaveGroups() {
		ended = true;
		if (handler instanceof HandlerTraits.GroupHandler groups && groups.wantsGroups()) {
			session.groups().forEach(group -> call(CallbackKind.GROUP, () -> groups.left(session, group)));
		}
	}

	private void closed(CloseStatus status) {
		try {
			if (!silent) {
				leaveGroups();
				call(CallbackKind.CLOSE, () -> handler.afterConnectionClosed(session, status));
			}
		}
		finally {
			outcome.over(status);
		}
	}

	private interface Callback {
		void run() throws Exception;
	}

	private void call(CallbackKind kind, Callback callback) {
		if (context == null) {
			timed(kind, callback);
			return;
		}
		try (CallbackContext.Scope scope = context.enter(kind)) {
			timed(kind, () -> told(scope, callback));
		}
	}

	private static void told(CallbackContext.Scope scope, Callback callback) throws Exception {
		try {
			callback.run();
		}
		catch (Throwable e) {
			scope.failed(e);
			throw e;
		}
	}

	private void timed(CallbackKind kind, Callback callback) {
		long start = sequence.begin();
		attempt(kind, callback);
		finish(kind, start);
	}

	private void finish(CallbackKind kind, long start) {
		for (Runnable task = sequence.nextDeferred(); task != null; task = sequence.nextDeferred()) {
			attempt(kind, task::run);
		}
		long nanos = sequence.end() - start;
		if (kind == CallbackKind.MESSAGE) {
			session.hub().record().took(nanos);
		}
		session.hub().observer().called(session, kind, nanos);
	}

	private void attempt(CallbackKind kind, Callback callback) {
		try {
			callback.run();
		}
		catch (Throwable e) {
			failed(kind, e);
		}
	}

	private void failed(CallbackKind kind, Throwable cause) {
		EngineThreads.endProcessIfFatal(cause);
		LOG.error("The {} callback of {} threw; it ends that connection only", kind, session.getId(), cause);
		if (kind == CallbackKind.OPEN || kind == CallbackKind.MESSAGE) {
			closing.fail(CloseReasons.CALLBACK_FAILED);
		}
	}
}
