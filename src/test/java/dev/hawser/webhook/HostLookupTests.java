package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lookups while the DNS server of one host hangs. */
class HostLookupTests {
	private static final InetAddress ADDRESS = InetAddress.ofLiteral("203.0.113.7");

	private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
	private final CountDownLatch released = new CountDownLatch(1);
	private final QueuedThreadPool threads = new QueuedThreadPool(4, 1);

	private InetAddress[] addresses(String host) throws UnknownHostException {
		asked.computeIfAbsent(host, _ -> new AtomicInteger()).incrementAndGet();
		if (host.equals("hangs")) {
			try {
				released.await();
			}
			catch (InterruptedException e) {
				throw new IllegalStateException(e);
			}
		}
		if (host.equals("unknown")) {
			throw new UnknownHostException("unknown");
		}
		return new InetAddress[] { ADDRESS };
	}

	@BeforeEach
	void start() throws Exception {
		threads.start();
	}

	@AfterEach
	void stop() throws Exception {
		released.countDown();
		threads.stop();
	}

	private static CompletableFuture<List<InetSocketAddress>> resolve(HostLookup lookup, String host) {
		Promise.Completable<List<InetSocketAddress>> promise = new Promise.Completable<>();
		lookup.resolve(host, 443, Map.of(), promise);
		return promise;
	}

	@Test
	void doNotHoldUpThoseOfAnotherHost() throws Exception {
		try (HostLookup lookup = new HostLookup(this::addresses, Duration.ofMinutes(1), threads)) {
			List<CompletableFuture<List<InetSocketAddress>>> hanging = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				hanging.add(resolve(lookup, "hangs"));
			}
			for (int i = 0; i < 3; i++) {
				assertThat(resolve(lookup, "fine").get(1, TimeUnit.MINUTES)).containsExactly(new InetSocketAddress(ADDRESS, 443));
			}
			assertThat(hanging).noneMatch(CompletableFuture::isDone);
			released.countDown();
			for (CompletableFuture<List<InetSocketAddress>> one : hanging) {
				assertThat(one.get(1, TimeUnit.MINUTES)).containsExactly(new InetSocketAddress(ADDRESS, 443));
			}
			assertThat(asked.get("hangs")).as("lookups of the host that hangs").hasValue(1);
			assertThat(asked.get("fine")).as("nothing is kept").hasValue(3);
		}
	}

	@Test
	void endAtTheirDeadline() {
		try (HostLookup lookup = new HostLookup(this::addresses, Duration.ofMillis(50), threads)) {
			for (int i = 0; i < 3; i++) {
				assertThatThrownBy(() -> resolve(lookup, "hangs").get(1, TimeUnit.MINUTES)).isInstanceOf(ExecutionException.class)
						.hasCauseInstanceOf(TimeoutException.class);
			}
			assertThat(asked.get("hangs")).hasValue(1);
		}
	}

	@Test
	void failForAnUnknownHost() {
		try (HostLookup lookup = new HostLookup(this::addresses, Duration.ofMinutes(1), threads)) {
			assertThatThrownBy(() -> resolve(lookup, "unknown").get(1, TimeUnit.MINUTES)).isInstanceOf(ExecutionException.class)
					.hasRootCauseInstanceOf(UnknownHostException.class);
		}
	}
}
