package dev.hawser.operations.console;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Writes what a watcher sees to its browser, as server-sent events. */
final class EventStream {
	private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
	/** A silent stream says something this often, so that a browser that has gone is noticed. */
	private static final Duration SILENCE = Duration.ofSeconds(15);
	/** Then the browser asks again, and shows its cookie again. */
	private static final Duration LONGEST = Duration.ofMinutes(5);
	private static final JsonMapper JSON = JsonMapper.shared();

	private final ConsoleEvents events;

	EventStream(ConsoleEvents events) {
		this.events = events;
	}

	/** Answers with the events of the connection that the query names, or of all. */
	void open(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Watcher watcher = new Watcher(request.getParameter("connection"));
		if (!events.add(watcher)) {
			throw new ConsoleException(503, "Too many operators look at events; close another tab.");
		}
		response.setContentType("text/event-stream");
		response.setCharacterEncoding("UTF-8");
		response.flushBuffer();
		AsyncContext context = request.startAsync();
		context.setTimeout(0);
		Thread.ofVirtual().name("hawser-console-events").start(() -> write(watcher, context));
	}

	private void write(Watcher watcher, AsyncContext context) {
		long end = System.nanoTime() + LONGEST.toNanos();
		try {
			OutputStream out = context.getResponse().getOutputStream();
			while (System.nanoTime() - end < 0) {
				ConsoleEvents.Event event = watcher.next(SILENCE);
				int leftOut = watcher.leftOut();
				out.write((event == null ? ":\n\n" : "data: " + JSON.writeValueAsString(event) + "\n\n").getBytes(StandardCharsets.UTF_8));
				if (leftOut > 0) {
					out.write(("event: left-out\ndata: " + leftOut + "\n\n").getBytes(StandardCharsets.UTF_8));
				}
				out.flush();
			}
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
}
