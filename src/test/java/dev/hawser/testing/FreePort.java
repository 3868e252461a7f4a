package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/** A port on which a program outside of this JVM can listen, or a server of this one again and again. */
public record FreePort(int number) {
	/** Below the ports that the kernel gives to clients, so that no client takes the port before the program does. */
	private static final int LOWEST = 20_000;
	private static final int BEYOND = 30_000;
	private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
	/** A program may be compiled first, and its packages fetched. */
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	/** A port on which nothing listens now, and that no other test of this JVM has. */
	public static FreePort find() {
		while (true) {
			int number = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
			try (ServerSocket _ = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
				if (GIVEN.add(number)) {
					return new FreePort(number);
				}
			}
			catch (IOException e) {
				// something else listens there
			}
		}
	}

	/** Returns when a program listens on the port. */
	public void awaitListening(Program program) {
		Awaitility.await().atMost(PATIENCE).failFast(() -> assertThat(program.hasEnded()).as(program.output()).isFalse())
				.until(this::accepts);
	}

	private boolean accepts() {
		try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), number)) {
			return true;
		}
		catch (IOException e) {
			return false;
		}
	}
}
