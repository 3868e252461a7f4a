package dev.hawser.http;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one open file in reserve for the time when the process cannot open any more. The file is then closed, and a new client is
 * accepted in its place and disconnected. Otherwise the client would wait, and its socket, which stays ready, would keep the
 * selector busy. Used by one selector's thread.
 */
final class ReserveFile implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(ReserveFile.class);
	private static final long LOG_INTERVAL_NANOS = 10_000_000_000L;

	private final Consumer<String> refused;
	private @Nullable SocketChannel reserve;
	private long unloggedRefusals;
	private long loggedAt = System.nanoTime() - LOG_INTERVAL_NANOS;

	/** @param refused receives the reason of each refusal */
	ReserveFile(Consumer<String> refused) {
		this.refused = refused;
		this.reserve = open();
	}

	private static @Nullable SocketChannel open() {
		try {
			return SocketChannel.open(); // a socket that is never connected
		}
		catch (IOException e) {
			return null;
		}
	}

	/** Disconnects the client that has waited longest. Called when it could not be accepted. */
	void hangUp(ServerSocketChannel server, IOException cause) throws InterruptedException {
		close();
		try (SocketChannel client = server.accept()) {
			if (client != null) {
				refused.accept("open-files");
				count(cause);
			}
		}
		catch (IOException e) {
			count(e);
			Thread.sleep(Duration.ofMillis(1)); // another thread has taken the file; the selector must not spin until it is given back
		}
		reserve = open();
	}

	/** Logs this once in ten seconds, with the number of refusals since. */
	private void count(IOException cause) {
		unloggedRefusals++;
		long now = System.nanoTime();
		if (now - loggedAt >= LOG_INTERVAL_NANOS) {
			LOG.warn("{} new connections could not be accepted: {}. The process needs a higher limit of open files (ulimit -n)",
					unloggedRefusals, cause.getMessage());
			loggedAt = now;
			unloggedRefusals = 0;
		}
	}

	@Override
	public void close() {
		try {
			if (reserve != null) {
				reserve.close();
			}
		}
		catch (IOException e) {
			// no data was ever sent on it
		}
		reserve = null;
	}
}
