package dev.hawser.testing;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;

/**
 * Callbacks that may block: they echo, answer {@code fd} with the connection's number, wait at {@code block} until the test
 * lets them go (five minutes at most, which is longer than any client waits), and write down how each connection ended.
 */
public final class Witness {
	private final ConcurrentHashMap<Long, CompletableFuture<Ending>> endings = new ConcurrentHashMap<>();
	private final Collection<String> messages = new ConcurrentLinkedQueue<>();
	private volatile CountDownLatch blocked = new CountDownLatch(0);
	private volatile CountDownLatch closing = new CountDownLatch(0);

	/** How a connection ended, as OnClose was told. */
	public record Ending(int code, String reason, CloseInitiator initiator) {
	}

	/** The beans. */
	public static final class Callbacks {
		@Bean
		Witness witness() {
			return new Witness();
		}

		@Bean
		OnMessage onMessage(Witness witness) {
			return (server, frame) -> {
				if (frame.isText()) {
					witness.messages.add(frame.text());
				}
				switch (frame.isText() ? frame.text() : "") {
					case "fd" -> server.push(frame.fd(), Long.toString(frame.fd()));
					case "block" -> {
						witness.blocked.await(5, TimeUnit.MINUTES);
						server.push(frame.fd(), "unblocked");
					}
					default -> server.push(frame.fd(), frame);
				}
			};
		}

		@Bean
		OnClose onClose(Witness witness) {
			return (_, fd, status, initiator) -> {
				Ending ending = new Ending(status.getCode(), status.getReason() == null ? "" : status.getReason(), initiator);
				if (!witness.ending(fd).complete(ending)) {
					throw new IllegalStateException("OnClose came twice for " + fd);
				}
				witness.closing.await(5, TimeUnit.MINUTES);
			};
		}
	}

	private CompletableFuture<Ending> ending(long fd) {
		return endings.computeIfAbsent(fd, _ -> new CompletableFuture<>());
	}

	/** Asks the server for the client's number. */
	public static long fd(RawClient client) throws Exception {
		client.send(RawFrame.text("fd"));
		return Long.parseLong(client.message().text());
	}

	/** Waits for OnClose of this connection. */
	public Ending ended(long fd) throws Exception {
		return ending(fd).get(60, TimeUnit.SECONDS);
	}

	public boolean hasEnded(long fd) {
		return ending(fd).isDone();
	}

	/** Texts that OnMessage received. */
	public Collection<String> messages() {
		return messages;
	}

	/** From now on {@code block} waits until the latch is released. */
	public CountDownLatch block() {
		CountDownLatch latch = new CountDownLatch(1);
		blocked = latch;
		return latch;
	}

	/** From now on OnClose waits until the latch is released. */
	public CountDownLatch blockOnClose() {
		CountDownLatch latch = new CountDownLatch(1);
		closing = latch;
		return latch;
	}
}
