package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** A callback that uses up its stack, even while it pushes, ends its own connection at most. */
@Tag("end-of-stack")
@Timeout(300)
class StackReserveTests {
	private static final int ROUNDS = 50;
	private static final int DESCENTS = 300;

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				switch (frame.text()) {
					case "recurse" -> recurse(server, frame.fd());
					default -> server.push(frame.fd(), frame.text());
				}
			};
		}

		/** Pushes to all other connections at each depth, so that some push runs out of stack. */
		@SuppressWarnings("InfiniteRecursion") // the test uses up the stack
		private static long recurse(WebSocketServer server, long fd) {
			long below = recurse(server, fd) + 1;
			return below;
		}
	}

	/** Like {@link Callbacks}, but pushes while the stack grows. */
	static class Pushing {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				if (frame.text().equals("recurse")) {
					recurse(server, frame.fd());
				}
				server.push(frame.fd(), frame.text());
			};
		}

		@SuppressWarnings("InfiniteRecursion") // the test uses up the stack
		private static int recurse(WebSocketServer server, long own) {
			try {
				return 1 + recurse(server, own);
			}
			catch (StackOverflowError e) { // each caller tries again, until there is enough stack
				for (long fd : server.connections().toArray()) {
					if (fd != own) {
						server.push(fd, "deep");
					}
				}
				return 0;
			}
		}
	}

	private static String echo(RawClient client, String text) throws Exception {
		client.send(RawFrame.text(text));
		String answer = client.message().text();
		while (answer.equals("deep")) {
			answer = client.message().text();
		}
		return answer;
	}

	@ParameterizedTest
	@ValueSource(classes = { Callbacks.class, Pushing.class })
	void livesOnWhenACallbackHasUsedUpItsStack(Class<?> callbacks) throws Exception {
		try (RunningHawser server = RunningHawser.start(callbacks, "hawser.connection.ping-interval=0s")) {
			for (int i = 0; i < ROUNDS; i++) {
				try (RawClient _ = server.connect().awaitOpen(); RawClient deep = server.connect().send(RawFrame.text("recurse"))) {
					deep.frame(); // an echo, or the end
				}
			}
			try (RawClient client = server.connect()) {
				assertThat(echo(client, "alive")).isEqualTo("alive");
			}
		}
	}

	@Test
	void failsWhereNoLockIsHeld() {
		int[] required = { 0 };
		try {
			descend(required);
		}
		catch (StackOverflowError e) {
			assertThat(required[0]).isPositive();
			return;
		}
		throw new AssertionError("The stack has no end");
	}

	/** Writes at each depth near the end of the stack, as a callback may. Another thread must then still be able to use the channel. */
	@Test
	void leavesNoLockOfAChannelHeld() throws Exception {
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				SocketChannel channel = SocketChannel.open(server.getLocalAddress());
				SocketChannel _ = server.accept()) {
			channel.configureBlocking(false);
			Thread.ofVirtual().start(() -> {
				for (int i = 0; i < DESCENTS; i++) {
					writeDeep(channel, i);
				}
			}).join();
			CompletableFuture<Integer> written = CompletableFuture.supplyAsync(() -> write(channel));
			assertThat(written.get(60, TimeUnit.SECONDS)).isNotNegative();
		}
	}

	/** Descends to the end of the stack, and tries on the way up until a write succeeds. */
	@SuppressWarnings("InfiniteRecursion") // the test uses up the stack
	private static int writeDeep(SocketChannel channel, long align) {
		try {
			return 1 + writeDeep(channel, align + 1);
		}
		catch (StackOverflowError e) {
			return write(channel);
		}
	}

	private static int write(SocketChannel channel) {
		StackReserve.require();
		try {
			return channel.write(ByteBuffer.wrap(new byte[1]));
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	@SuppressWarnings("InfiniteRecursion") // the test uses up the stack
	private static void descend(int[] required) {
		StackReserve.require();
		required[0]++;
		descend(required);
	}
}
