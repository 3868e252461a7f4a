package dev.hawser.webhook;

import dev.hawser.testing.FreePort;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A backend that misbehaves as the message asks it to, over HTTP/1.1 and over HTTP/2 in cleartext. A message {@code fine} is answered
 * with {@code fine}; a message {@code wait} with {@code waited}, once {@link #release} is called. What the others do is in
 * {@link #answer}.
 */
final class UnrulyBackend implements AutoCloseable {
	static final int MEGABYTES = 20;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
	private final Map<String, Queue<Line>> asked = new ConcurrentHashMap<>();
	private final Set<Line> lines = ConcurrentHashMap.newKeySet();
	private final CountDownLatch released = new CountDownLatch(1);
	private final int port;
	private volatile ServerSocket listener;

	/** One connection. */
	interface Line {
		/** Closes it with a TCP reset. */
		void reset() throws IOException;

		/** Reads nothing more, and says nothing more. */
		void fallSilent() throws IOException, InterruptedException;

		/** Sends all in one packet. */
		void gather(Sending sending) throws IOException, InterruptedException;

		/** Waits until the client has read what was sent. */
		void awaitRead() throws IOException, InterruptedException;

		/** Sends bytes that mean nothing in its protocol. */
		void talkNonsense() throws IOException;
	}

	@FunctionalInterface
	interface Sending {
		void send() throws IOException, InterruptedException;
	}

	/** One request and what is answered to it; any thread. */
	interface Exchange {
		Line line();

		String body();

		/** The head of an answer. */
		void begin(int status, String... headers) throws IOException;

		/** A part of the answer's body; waits until the client wants it. */
		void write(byte[] part) throws IOException, InterruptedException;

		/** The last part of the answer's body. */
		void end(byte[] part) throws IOException, InterruptedException;

		/** Takes the request back, where the protocol can do that for one alone. */
		void refuse() throws IOException;
	}

	UnrulyBackend() throws IOException {
		listener = listen(FreePort.find().number());
		port = listener.getLocalPort();
	}

	private ServerSocket listen(int at) throws IOException {
		ServerSocket opened = new ServerSocket();
		opened.setReuseAddress(true);
		opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 200);
		threads.execute(() -> accept(opened));
		return opened;
	}

	private void accept(ServerSocket from) {
		try {
			while (true) {
				Socket socket = from.accept();
				threads.execute(() -> serve(socket));
			}
		}
		catch (IOException e) {
			// it is closed
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			socket.setTcpNoDelay(true);
			InputStream in = new BufferedInputStream(socket.getInputStream());
			in.mark(3);
			boolean http2 = new String(in.readNBytes(3), StandardCharsets.ISO_8859_1).equals("PRI");
			in.reset();
			if (http2) {
				UnrulyHttp2 line = new UnrulyHttp2(socket, in, exchange -> threads.execute(() -> take(exchange)));
				lines.add(line);
				line.serve();
			}
			else {
				UnrulyHttp1 line = new UnrulyHttp1(socket, in, this::take);
				lines.add(line);
				line.serve();
			}
		}
		catch (IOException | InterruptedException e) {
			// the client has hung up, or the test has ended
		}
	}

	private void take(Exchange exchange) {
		asked.computeIfAbsent(exchange.body(), _ -> new ConcurrentLinkedQueue<>()).add(exchange.line());
		try {
			answer(exchange, exchange.body(), times(exchange.body()));
		}
		catch (IOException | InterruptedException e) {
			// the client has hung up, or the test has ended
		}
	}

	private void answer(Exchange exchange, String asked, int time) throws IOException, InterruptedException {
		switch (asked) {
			case "wait" -> {
				released.await();
				text(exchange, "waited");
			}
			case "hangs" -> {
				// no answer
			}
			case "falls silent" -> {
				if (time == 1) {
					exchange.line().fallSilent();
				}
				text(exchange, "fine");
			}
			case "resets twice" -> {
				if (time <= 2) {
					exchange.line().reset();
				}
				text(exchange, "fine");
			}
			case "refuses twice" -> {
				if (time <= 2) {
					exchange.refuse();
				}
				else {
					text(exchange, "fine");
				}
			}
			case "resets in the middle" -> {
				exchange.begin(200, "content-type", "text/plain");
				exchange.write(bytes("hal"));
				exchange.line().awaitRead();
				exchange.line().reset();
			}
			case "ends in the middle" -> {
				exchange.begin(200, "content-type", "text/plain");
				exchange.write(bytes("hal"));
				exchange.refuse();
			}
			case "500 ten times" -> {
				if (time <= 10) {
					exchange.begin(500);
					exchange.end(new byte[0]);
				}
				else {
					text(exchange, "fine");
				}
			}
			case "slow bytes" -> {
				exchange.begin(200, "content-type", "text/plain");
				do {
					exchange.write(bytes("."));
				}
				while (!released.await(20, TimeUnit.MILLISECONDS));
			}
			case "another type" -> {
				exchange.begin(200, "content-type", "text/html");
				exchange.end(bytes("<p>"));
			}
			case "20 MB" -> {
				exchange.begin(200, "content-type", "text/plain");
				for (int i = 0; i < MEGABYTES; i++) {
					exchange.write(new byte[1 << 20]);
				}
				exchange.end(new byte[0]);
			}
			case "answers twice" -> exchange.line().gather(() -> {
				text(exchange, "fine");
				text(exchange, "not asked for");
			});
			case "answers twice, later" -> {
				text(exchange, "fine");
				text(exchange, "not asked for");
			}
			case "a body twice" -> exchange.line().gather(() -> {
				text(exchange, "fine");
				exchange.end(bytes("not asked for"));
			});
			case "a head twice" -> exchange.line().gather(() -> {
				exchange.begin(200, "content-type", "text/plain");
				exchange.write(bytes("not "));
				exchange.begin(200, "content-type", "text/plain");
				exchange.end(bytes("fine"));
			});
			case "a body without a head" -> exchange.end(bytes("not fine"));
			case "too long" -> {
				exchange.begin(200, "content-type", "text/plain", "content-length", "3");
				exchange.end(bytes("not fine"));
			}
			case "too short" -> exchange.line().gather(() -> {
				exchange.begin(200, "content-type", "text/plain", "content-length", "30");
				exchange.end(bytes("not fine"));
			});
			case "redirects" -> {
				exchange.begin(307, "location", "/elsewhere");
				exchange.end(new byte[0]);
			}
			case "nonsense" -> exchange.line().talkNonsense();
			case "dies" -> {
				if (time == 1) {
					die();
				}
				else {
					text(exchange, "fine");
				}
			}
			default -> text(exchange, asked);
		}
	}

	private static void text(Exchange exchange, String text) throws IOException, InterruptedException {
		exchange.begin(200, "content-type", "text/plain");
		exchange.end(bytes(text));
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** How often this message has come. */
	int times(String message) {
		return asked.getOrDefault(message, new ConcurrentLinkedQueue<>()).size();
	}

	/** The connections on which this message has come. */
	List<Line> lines(String message) {
		return List.copyOf(asked.getOrDefault(message, new ConcurrentLinkedQueue<>()));
	}

	/** From now on answers what has to wait. */
	void release() {
		released.countDown();
	}

	private void die() throws IOException {
		listener.close();
		for (Line line : lines) {
			line.reset();
		}
	}

	boolean isDead() {
		return listener.isClosed();
	}

	/** Is there again, at the same address. */
	void revive() throws IOException {
		listener = listen(port);
	}

	String url() {
		return "http://127.0.0.1:" + port + "/{event}";
	}

	@Override
	public void close() throws IOException {
		listener.close();
		threads.shutdownNow();
		for (Line line : lines) {
			line.reset();
		}
	}
}
