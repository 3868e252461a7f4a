package dev.hawser.connection;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/** Records its calls, and runs in each call what the test has set. */
public final class RecordingHandler implements HandlerTraits.Declared {
	final List<String> events = new CopyOnWriteArrayList<>();
	final CountDownLatch closed = new CountDownLatch(1);
	/** How many calls are running. */
	final AtomicInteger active = new AtomicInteger();
	final AtomicInteger mostActive = new AtomicInteger();
	private HandlerTraits traits = new HandlerTraits(Set.of(), Set.of(), false);
	private Action onOpen = (_, _) -> {
	};
	private Action onMessage = (_, _) -> {
	};
	private Action onClose = (_, _) -> {
	};

	interface Action {
		void run(LiveConnection connection, String text) throws Exception;
	}

	RecordingHandler onOpen(Action action) {
		onOpen = action;
		return this;
	}

	RecordingHandler onMessage(Action action) {
		onMessage = action;
		return this;
	}

	RecordingHandler onClose(Action action) {
		onClose = action;
		return this;
	}

	RecordingHandler traits(HandlerTraits stated) {
		traits = stated;
		return this;
	}

	@Override
	public HandlerTraits traits() {
		return traits;
	}

	private void call(String event, Action action, WebSocketSession session, String text) throws Exception {
		mostActive.accumulateAndGet(active.incrementAndGet(), Math::max);
		try {
			events.add(event);
			action.run((LiveConnection) session, text);
		}
		finally {
			active.decrementAndGet();
		}
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		call("open", onOpen, session, "");
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		String text = message instanceof TextMessage t ? t.getPayload() : message.getClass().getSimpleName();
		call(text, onMessage, session, text);
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) {
		events.add("error");
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		try {
			call("close " + status.getCode() + " " + ((WebSocketConnection) session).closeInitiator(), onClose, session, "");
		}
		finally {
			closed.countDown();
		}
	}

	@Override
	public boolean supportsPartialMessages() {
		return false;
	}

	boolean awaitClosed() throws InterruptedException {
		return closed.await(60, TimeUnit.SECONDS);
	}
}
