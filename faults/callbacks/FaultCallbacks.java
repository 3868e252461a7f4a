package faults;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ForHub;
import dev.hawser.api.Frame;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.CloseStatus;

/**
 * Echo, as callbacks that may block and, at the hub {@code quick}, as callbacks that do not. A text message that begins with an
 * exclamation mark is a command. Writes down what happens to each connection, by the name that its client gives it in the query.
 *
 * <pre>
 *  open NAME
 *  wrong NAME sentence
 *  close NAME messages answered code initiator
 * </pre>
 */
@Configuration(proxyBeanMethods = false)
class FaultCallbacks {

	/** The longest time that a command blocks a callback. */
	private static final long LONGEST_BLOCK_SECONDS = 600;

	private final Map<Long, Seen> connections = new ConcurrentHashMap<>();
	private final Map<String, CountDownLatch> blocks = new ConcurrentHashMap<>();
	private final ReentrantLock lock = new ReentrantLock();
	private final Writer journal;

	FaultCallbacks(@Value("${faults.journal}") Path journal) throws IOException {
		this.journal = Files.newBufferedWriter(journal);
	}

	@Bean
	OnOpen opened() {
		return this::open;
	}

	@Bean
	OnMessage mayBlock() {
		return this::message;
	}

	@Bean
	OnClose closed() {
		return this::close;
	}

	@Bean
	@NonBlocking
	@ForHub("quick")
	OnOpen quickOpened() {
		return this::open;
	}

	@Bean
	@NonBlocking
	@ForHub("quick")
	OnMessage quick() {
		return this::message;
	}

	@Bean
	@ForHub("quick")
	OnClose quickClosed() {
		return this::close;
	}

	/** What a connection has seen so far. Its callbacks never run at the same time, or {@code busy} tells. */
	private static final class Seen {
		private final String name;
		private final AtomicBoolean busy = new AtomicBoolean();
		private long messages;
		private long answered;

		Seen(String name) {
			this.name = name;
		}
	}

	private void open(WebSocketServer server, HandshakeRequest request) {
		Seen seen = new Seen(request.query("name").orElse("nameless-" + request.fd()));
		write("open " + seen.name);
		if (connections.putIfAbsent(request.fd(), seen) != null) {
			wrong(seen, "OnOpen came twice, or after OnMessage");
		}
	}

	private void message(WebSocketServer server, Frame frame) throws InterruptedException {
		Seen seen = connections.computeIfAbsent(frame.fd(), fd -> {
			Seen nameless = new Seen("nameless-" + fd);
			wrong(nameless, "OnMessage came without OnOpen, or after OnClose");
			return nameless;
		});
		if (!seen.busy.compareAndSet(false, true)) {
			wrong(seen, "OnMessage ran twice at the same time");
		}
		seen.messages++;
		if (answer(server, frame).accepted()) {
			seen.answered++;
		}
		seen.busy.set(false);
	}

	private SendResult answer(WebSocketServer server, Frame frame) throws InterruptedException {
		if (!frame.isText()) {
			return server.push(frame.fd(), frame);
		}
		String text = frame.text();
		if (text.startsWith("!")) {
			command(server, frame.fd(), text.substring(1).split(" "));
		}
		return server.push(frame.fd(), text);
	}

	private void command(WebSocketServer server, long fd, String[] words) throws InterruptedException {
		switch (words[0]) {
			case "block" -> {
				boolean released = block(words[1]).await(LONGEST_BLOCK_SECONDS, TimeUnit.SECONDS);
				assert released : words[1];
			}
			case "nap" -> Thread.sleep(Long.parseLong(words[1]));
			case "release" -> block(words[1]).countDown();
			case "flood" -> {
				byte[] data = new byte[Integer.parseInt(words[2])];
				for (int left = Integer.parseInt(words[1]); left > 0 && server.isEstablished(fd); left--) {
					server.push(fd, data);
				}
			}
			default -> throw new IllegalArgumentException(words[0]);
		}
	}

	private CountDownLatch block(String name) {
		return blocks.computeIfAbsent(name, unused -> new CountDownLatch(1));
	}

	private void close(WebSocketServer server, long fd, CloseStatus status, CloseInitiator initiator) {
		Seen seen = connections.remove(fd);
		if (seen == null) {
			wrong(new Seen("nameless-" + fd), "OnClose came without OnOpen, or twice");
			return;
		}
		if (seen.busy.get()) {
			wrong(seen, "OnClose ran at the same time as OnMessage");
		}
		write("close " + seen.name + ' ' + seen.messages + ' ' + seen.answered + ' ' + status.getCode() + ' ' + initiator);
	}

	private void wrong(Seen seen, String sentence) {
		write("wrong " + seen.name + ' ' + sentence);
	}

	private void write(String line) {
		lock.lock();
		try {
			journal.write(line + '\n');
			journal.flush();
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
		finally {
			lock.unlock();
		}
	}
}
