package dev.hawser.webhook;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Looks up the addresses of backends. A lookup may block its thread for as long as a DNS server hangs. So at most one is under way for
 * each host, on a thread of its own, and all that ask for the host meanwhile wait for it, each until a deadline; those that ask for
 * another host do not wait for it. Hosts are configured, which bounds the threads. What was found is cached by the JVM only.
 */
final class HostLookup implements SocketAddressResolver, AutoCloseable {
	private final Names names;
	private final Duration longest;
	private final Executor answering;
	private final ExecutorService threads = Executors
			.newCachedThreadPool(Thread.ofPlatform().daemon().name("hawser-webhook-lookup-", 1).factory());
	private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();

	/** Where names are looked up. */
	@FunctionalInterface
	interface Names {
		/** May block for any time. */
		InetAddress[] addresses(String host) throws UnknownHostException;
	}

	/**
	 * @param longest   how long an address is waited for
	 * @param answering hands over what was found
	 */
	HostLookup(Names names, Duration longest, Executor answering) {
		this.names = names;
		this.longest = longest;
		this.answering = answering;
	}

	@Override
	public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
		var _ = underWay.computeIfAbsent(host, this::begin).copy().orTimeout(longest.toNanos(), TimeUnit.NANOSECONDS)
				.whenCompleteAsync((found, failure) -> {
					if (failure == null) {
						promise.succeeded(found.stream().map(address -> new InetSocketAddress(address, port)).toList());
					}
					else {
						promise.failed(failure);
					}
				}, answering);
	}

	private CompletableFuture<List<InetAddress>> begin(String host) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return Stream.of(names.addresses(host)).toList();
			}
			catch (UnknownHostException e) {
				throw new CompletionException(e);
			}
			finally {
				underWay.remove(host);
			}
		}, threads);
	}

	/** Nothing is looked up any more. */
	@Override
	public void close() {
		threads.shutdownNow();
	}
}
