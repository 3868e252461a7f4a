package dev.hawser.application.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sends the lines of an input, and shows what comes, until one side closes. Frames come on a thread of the client, one at a time. */
final class Dialogue implements WebSocket.Listener {
	private static final int ABNORMAL = 1006;
	private static final String COMMANDS = "/ping [TEXT]   /close [CODE [REASON]]   //TEXT sends /TEXT   the end of the input closes";

	private final FrameLog log;
	private final Habits habits;
	private final CompletableFuture<Integer> closed = new CompletableFuture<>();
	private final CountDownLatch enough = new CountDownLatch(1);
	private final AtomicInteger messages = new AtomicInteger();
	private final StringBuilder text = new StringBuilder();
	private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
	private volatile long lastHeard = System.nanoTime();
	private volatile long lastPing = System.nanoTime();
	private volatile int sentCode;

	/**
	 * How it talks.
	 *
	 * @param binary   whether lines are sent as binary messages
	 * @param quiet    when the input has ended, how long it must be quiet before the connection is closed
	 * @param messages closes after so many messages have come; 0 for no limit
	 */
	record Habits(boolean binary, Duration quiet, int messages) {
	}

	Dialogue(FrameLog log, Habits habits) {
		this.log = log;
		this.habits = habits;
	}

	/** Returns the exit code when the connection has ended. */
	int run(WebSocket socket, InputStream in) throws InterruptedException {
		Thread input = Thread.ofPlatform().daemon().name("input").start(() -> send(socket, in));
		if (habits.messages() > 0) {
			Thread.ofVirtual().start(() -> closeWhenEnough(socket));
		}
		try {
			int code = closed.get();
			return code == WebSocket.NORMAL_CLOSURE || code == sentCode ? 0 : CommandFailure.SAID_NO;
		}
		catch (ExecutionException e) {
			log.remark("The connection has broken: " + e.getCause());
			return CommandFailure.NO_ANSWER;
		}
		finally {
			input.interrupt();
		}
	}

	private void closeWhenEnough(WebSocket socket) {
		try {
			enough.await();
			close(socket, WebSocket.NORMAL_CLOSURE, "");
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private void send(WebSocket socket, InputStream in) {
		try {
			BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
			for (String line = lines.readLine(); line != null && !closed.isDone(); line = lines.readLine()) {
				obey(socket, line);
			}
			for (Duration left = habits.quiet(); !closed.isDone()
					&& left.isPositive(); left = habits.quiet().minusNanos(System.nanoTime() - lastHeard)) {
				Thread.sleep(left);
			}
			close(socket, WebSocket.NORMAL_CLOSURE, "");
		}
		catch (IOException | CompletionException e) {
			closed.completeExceptionally(e.getCause() == null ? e : e.getCause());
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private void obey(WebSocket socket, String line) {
		if (!line.startsWith("/") || line.startsWith("//")) {
			sendMessage(socket, line.startsWith("//") ? line.substring(1) : line);
			return;
		}
		String[] words = line.split(" ", 3);
		switch (words[0]) {
			case "/ping" -> {
				byte[] payload = line.substring(Math.min(line.length(), "/ping ".length())).getBytes(StandardCharsets.UTF_8);
				if (payload.length > 125) {
					log.remark("A ping has at most 125 bytes.");
					return;
				}
				lastPing = System.nanoTime();
				log.sent("ping", payload.length);
				socket.sendPing(ByteBuffer.wrap(payload)).join();
			}
			case "/close" -> closeAs(socket, words);
			case "/help" -> log.remark(COMMANDS);
			default -> log.remark("There is no command " + words[0] + ". " + COMMANDS);
		}
		lastHeard = System.nanoTime();
	}

	private void sendMessage(WebSocket socket, String line) {
		byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
		log.sent(habits.binary() ? "binary" : "text", bytes.length);
		(habits.binary() ? socket.sendBinary(ByteBuffer.wrap(bytes), true) : socket.sendText(line, true)).join();
		lastHeard = System.nanoTime();
	}

	private void closeAs(WebSocket socket, String[] words) {
		try {
			close(socket, words.length > 1 ? Integer.parseInt(words[1]) : WebSocket.NORMAL_CLOSURE, words.length > 2 ? words[2] : "");
		}
		catch (NumberFormatException e) {
			log.remark("The code of a close is a number, such as 4000.");
		}
	}

	private void close(WebSocket socket, int code, String reason) {
		if (socket.isOutputClosed()) {
			return;
		}
		sentCode = code;
		try {
			socket.sendClose(code, reason).join();
			log.sent("close " + code, 2 + reason.getBytes(StandardCharsets.UTF_8).length);
			closed.completeOnTimeout(ABNORMAL, ClientSocket.PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (CompletionException e) {
			if (!(e.getCause() instanceof IllegalArgumentException)) {
				throw e;
			}
			log.remark("A client cannot close with " + code + " and this reason: use 1000, or 3000 to 4999, and at most 123 bytes.");
		}
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
		text.append(part);
		if (last) {
			log.received(text.toString());
			text.setLength(0);
			heardMessage();
		}
		socket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
		byte[] bytes = new byte[part.remaining()];
		part.get(bytes);
		binary.writeBytes(bytes);
		if (last) {
			log.received(binary.toByteArray());
			binary.reset();
			heardMessage();
		}
		socket.request(1);
		return null;
	}

	private void heardMessage() {
		lastHeard = System.nanoTime();
		if (messages.incrementAndGet() == habits.messages()) {
			enough.countDown();
		}
	}

	@Override
	public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer payload) {
		return control(socket, "ping", payload, ", answered");
	}

	@Override
	public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
		return control(socket, "pong", payload, ", after " + ClientSocket.since(lastPing));
	}

	private @Nullable CompletionStage<?> control(WebSocket socket, String kind, ByteBuffer payload, String remark) {
		byte[] bytes = new byte[payload.remaining()];
		payload.get(bytes);
		log.receivedControl(kind, bytes, remark);
		lastHeard = System.nanoTime();
		socket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
		log.closed(code, reason);
		closed.complete(code);
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		closed.completeExceptionally(error);
	}
}
