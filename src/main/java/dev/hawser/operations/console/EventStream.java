package dev.hawser.operations.console;

import dev.hawser.connection.Connections;
import dev.hawser.push.ConnectionWatch.Seen;
import dev.hawser.push.RemotePush;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import tools.jackson.databind.json.JsonMapper;

/** Writes what a watcher sees to its browser, as server-sent events. Safe for any thread. */
final class EventStream implements ApplicationListener<ContextClosedEvent> {
	private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
	/** Each has a queue, a thread and an open request. */
	static final int MOST_WATCHERS = 16;
	/** A silent stream says something this often, so that a browser that has gone is noticed. */
	private static final Duration SILENCE = Duration.ofSeconds(15);
	/** How often the stream looks whether its operator is still signed in. */
	private static final Duration LOOK = Duration.ofMillis(500);
	/** With the pause after them, more than can be read; what else happens is left out. */
	private static final int MOST_AT_ONCE = 100;
	private static final Duration PAUSE = Duration.ofMillis(100);
	private static final JsonMapper JSON = JsonMapper.shared();

	private final ConsoleEvents events;
	private final Connections connections;
	private final @Nullable RemotePush others;
	private volatile boolean stopping;

	/** @param others the other nodes; null when there are none */
	EventStream(ConsoleEvents events, Connections connections, @Nullable RemotePush others) {
		this.events = events;
		this.connections = connections;
		this.others = others;
	}

	/** The streams end, since a server that stops waits for its requests. */
	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		stopping = true;
	}

	/**
	 * Answers with the events of the connection that the query names, or of all.
	 *
	 * @param signedIn whether the operator may still look
	 */
	void open(HttpServletRequest request, HttpServletResponse response, BooleanSupplier signedIn) throws IOException {
		String connection = request.getParameter("connection");
		Watcher watcher = new Watcher(connection);
		if (!events.add(watcher, MOST_WATCHERS)) {
			throw new ConsoleException(503, "Too many operators look at events; close another tab.");
		}
		try {
			response.setContentType("text/event-stream");
			response.setCharacterEncoding("UTF-8");
			response.setHeader("X-Accel-Buffering", "no"); // nginx passes it on at once
			response.getOutputStream().write("retry: 500\n\n".getBytes(StandardCharsets.UTF_8));
			response.flushBuffer();
			AsyncContext context = request.startAsync();
			context.setTimeout(0);
			RemotePush remote = connection == null ? null : others;
			Stream stream = new Stream(watcher, remote == null || connection == null ? null : new RemoteWatch(remote, connection), context,
					signedIn);
			Thread.ofVirtual().name("hawser-console-events").start(stream::run);
		}
		catch (IOException | RuntimeException e) {
			events.remove(watcher);
			throw e;
		}
	}

	/** One browser that looks. */
	private final class Stream {
		private final Watcher watcher;
		private final @Nullable RemoteWatch remote;
		private final AsyncContext context;
		private final BooleanSupplier signedIn;
		private final StringBuilder text = new StringBuilder();
		private boolean watching;
		private boolean inTrouble;

		Stream(Watcher watcher, @Nullable RemoteWatch remote, AsyncContext context, BooleanSupplier signedIn) {
			this.watcher = watcher;
			this.remote = remote;
			this.context = context;
			this.signedIn = signedIn;
		}

		void run() {
			try {
				write();
			}
			catch (IOException e) {
				LOG.debug("An operator has closed the stream of events", e);
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt(); // only the end of the process interrupts it
			}
			finally {
				events.remove(watcher);
				context.complete();
			}
		}

		private void write() throws IOException, InterruptedException {
			long written = System.nanoTime();
			while (!stopping && signedIn.getAsBoolean()) {
				askOthers();
				List<ConsoleEvents.Event> next = watcher.next(text.isEmpty() ? LOOK : Duration.ZERO, MOST_AT_ONCE);
				next.forEach(event -> message(JSON.writeValueAsString(event)));
				leftOut(watcher.leftOut());
				if (text.isEmpty() && System.nanoTime() - written > SILENCE.toNanos()) {
					text.append(":\n\n");
				}
				if (!text.isEmpty()) {
					context.getResponse().getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
					context.getResponse().flushBuffer();
					written = System.nanoTime();
					text.setLength(0);
					Thread.sleep(PAUSE);
				}
			}
		}

		private void message(String json) {
			text.append("data: ").append(json).append("\n\n");
		}

		private void leftOut(long events) {
			if (events > 0) {
				text.append("event: left-out\ndata: ").append(events).append("\n\n");
			}
		}

		private void askOthers() throws InterruptedException {
			String connection = watcher.connection();
			if (remote == null || connection == null || !remote.isDue() || connections.find(connection) != null) {
				return;
			}
			Seen seen = remote.ask();
			if (seen != null) {
				text.append(watching ? "" : ":watching\n\n");
				watching = true;
				leftOut(seen.leftOut());
				seen.events().forEach(this::message);
			}
			if (inTrouble != (seen == null)) {
				inTrouble = seen == null;
				text.append("event: trouble\ndata: ").append(inTrouble ? "begins" : "is over").append("\n\n");
			}
		}
	}
}
