package dev.hawser.http;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open file that is kept for the time when the process has no other left: a new client is then accepted in its place and hung up on.
 * Otherwise the client would wait, and its socket, which stays ready, would keep the selector busy. Used by one selector's thread.
 */
final class ReserveFile implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(ReserveFile.class);
	private static final long LOG_INTERVAL_NANOS = 10_000_000_000L;

	private final Consumer<String> refused;
	private @Nullable SocketChannel reserve;
	private long unloggedRefusals;
	private long loggedAt = System.nanoTime() - LOG_INTERVAL_NANOS;

	/** @param refused is told the reason of each refusal */
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

	/** Hangs up on the client that has waited longest. Called when it could not be accepted. */
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
			Thread.sleep(1); // another thread has taken the file; the selector must not spin until it is given back
		}
		reserve = open();
	}

	/** Says so once in ten seconds, with a number for the others. */
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
			// nothing is lost that was ever sent
		}
		reserve = null;
	}
}
