package dev.hawser.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Frame;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;

/**
 * Callbacks that could block, of hubs with so many quick calls that the thread of the only selector makes them: what happens when one of
 * them does block. Each test blocks a hub of its own.
 */
class QuickCallbacksTests {
	private static final List<String> HUBS = List.of("one", "many", "native", "left", "stop", "gone", "closing", "virtual");
	private static final ConcurrentHashMap<String, Block> BLOCKS = new ConcurrentHashMap<>();
	/** The closes of connections whose callbacks were blocked, by fd. */
	private static final ConcurrentHashMap<Long, LinkedBlockingQueue<Integer>> CLOSES = new ConcurrentHashMap<>();
	private static RunningHawser server;
	private static Traffic traffic;

	/** A callback that is held up. */
	private static final class Block {
		private final CountDownLatch begun = new CountDownLatch(1);
		private final CountDownLatch released = new CountDownLatch(1);
		private volatile boolean virtual;
		private volatile boolean interrupted;
		private volatile long fd;

		void hold(boolean computing) {
			virtual = Thread.currentThread().isVirtual();
			begun.countDown();
			while (computing && released.getCount() > 0) {
				Thread.onSpinWait();
			}
			try {
				if (!released.await(5, TimeUnit.MINUTES)) {
					throw new IllegalStateException("never released");
				}
			}
			catch (InterruptedException e) {
				interrupted = true;
			}
		}

		boolean isOnSelector() throws InterruptedException {
			assertThat(begun.await(1, TimeUnit.MINUTES)).as("the callback was called").isTrue();
			return !virtual;
		}
	}

	static class Callbacks {
		@Bean
		OnMessage answer() {
			return QuickCallbacksTests::answer;
		}

		@Bean
		OnClose note() {
			return (_, fd, status, _) -> {
				LinkedBlockingQueue<Integer> closes = CLOSES.get(fd);
				if (closes != null) {
					closes.add(status.getCode());
				}
			};
		}
	}

	/** Answers with the kind of its thread and the text. */
	private static void answer(WebSocketServer server, Frame frame) {
		String text = frame.text();
		Block block = text.matches("(block|compute|close) .*") ? BLOCKS.get(text.substring(text.indexOf(' ') + 1)) : null;
		if (block != null) {
			block.fd = frame.fd();
			CLOSES.put(frame.fd(), new LinkedBlockingQueue<>());
			block.hold(text.startsWith("compute "));
		}
		if (text.startsWith("close ")) {
			server.disconnect(frame.fd(), 4000, "closed within the callback");
			return;
		}
		if (text.equals("leave")) {
			Thread.currentThread().interrupt();
			Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0]));
			MDC.put("user", "ann");
		}
		String found = text.equals("find") ? " " + Thread.interrupted() + " " + MDC.get("user") + " "
				+ (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader) : "";
		server.push(frame.fd(), (Thread.currentThread().isVirtual() ? "virtual " : "selector ") + text + found);
	}

	/** Clients of every hub that send as fast as they are answered. */
	private static final class Traffic {
		private final List<Thread> threads = new ArrayList<>();
		private volatile boolean over;

		Traffic(RunningHawser of, List<String> hubs) {
			hubs.forEach(hub -> IntStream.range(0, 2).forEach(_ -> threads.add(Thread.startVirtualThread(() -> send(of, hub)))));
		}

		private void send(RunningHawser of, String hub) {
			RawFrame[] some = IntStream.range(0, 8).mapToObj(i -> RawFrame.text("quick")).toArray(RawFrame[]::new);
			try (RawClient client = connect(of, hub)) {
				while (!over) {
					client.send(some);
					for (int i = 0; i < some.length; i++) {
						client.message();
					}
				}
			}
			catch (IOException | AssertionError e) {
				// the server has been stopped
			}
		}

		void end() throws InterruptedException {
			over = true;
			for (Thread thread : threads) {
				thread.join();
			}
		}
	}

	@BeforeAll
	static void start() {
		server = start(HUBS);
		traffic = new Traffic(server, HUBS);
	}

	private static RunningHawser start(List<String> hubs) {
		List<String> properties = new ArrayList<>(List.of("server.jetty.threads.selectors=1"));
		hubs.forEach(hub -> properties.add("hawser.hubs." + hub + ".connection.callback-threads="
				+ (hub.equals("virtual") ? "virtual" : "adaptive")));
		return RunningHawser.start(Callbacks.class, properties.toArray(String[]::new));
	}

	@AfterAll
	static void stop() throws Exception {
		BLOCKS.values().forEach(block -> block.released.countDown());
		traffic.end();
		server.close();
	}

	private static RawClient connect(RunningHawser to, String hub) throws IOException {
		return RawClient.connect(to.port()).upgrade("/client/hubs/" + hub);
	}

	private static String ask(RawClient client, String text) throws IOException {
		return client.send(RawFrame.text(text)).message().text();
	}

	/** Waits until the hub's callbacks are called by the selector's thread. */
	private static void awaitSelector(RawClient client) throws IOException {
		long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
		while (ask(client, "quick").startsWith("virtual")) {
			assertThat(System.nanoTime()).as("now, when the callbacks are still on virtual threads").isLessThan(deadline);
		}
	}

	/** A client in whose callback the selector's thread is held up; it has sent "before", the message that blocks, and "after". */
	private static RawClient block(RunningHawser at, String hub, String how, String name) throws Exception {
		long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
		while (true) {
			RawClient client = connect(at, hub);
			awaitSelector(client);
			Block block = new Block();
			BLOCKS.put(name, block);
			client.send(RawFrame.text("before"), RawFrame.text(how + " " + name), RawFrame.text("after"));
			if (block.isOnSelector()) {
				return client;
			}
			block.released.countDown(); // the traffic was low for a moment
			client.close();
			assertThat(System.nanoTime()).as("now, when no callback has blocked a selector").isLessThan(deadline);
		}
	}

	private static void release(String name) {
		Objects.requireNonNull(BLOCKS.get(name)).released.countDown();
	}

	@Test
	void answersOthersWhileACallbackBlocks() throws Exception {
		try (RawClient blocked = block(server, "one", "block", "one")) {
			for (int i = 0; i < 20; i++) {
				try (RawClient other = connect(server, "one")) {
					assertThat(ask(other, "other")).as("the answer for another one of this hub").isEqualTo("virtual other");
				}
				try (RawClient other = connect(server, "virtual")) {
					assertThat(ask(other, "other")).isEqualTo("virtual other");
				}
			}
			assertThat(blocked.message().text()).as("the answer to what came before").isEqualTo("selector before");
			release("one");
			assertThat(blocked.message().text()).isEqualTo("selector block one");
			assertThat(blocked.message().text()).isEqualTo("selector after");
			assertThat(ask(blocked, "next")).as("the next answer of the hub whose callback has blocked").isEqualTo("virtual next");
		}
	}

	@Test
	void sendsWhatAnotherThreadPushesWhileACallbackBlocks() throws Exception {
		try (RawClient blocked = block(server, "left", "block", "left")) {
			assertThat(blocked.message().text()).isEqualTo("selector before");
			server.bean(WebSocketServer.class).broadcast(Frame.text("meanwhile"));
			assertThat(blocked.message().text()).isEqualTo("meanwhile");
			release("left");
		}
	}

	@Test
	void answersOthersWhileACallbackComputes() throws Exception {
		try (RawClient busy = block(server, "native", "compute", "native"); RawClient other = connect(server, "virtual")) {
			assertThat(ask(other, "other")).isEqualTo("virtual other");
			release("native");
			assertThat(busy.message().text()).endsWith("before");
			assertThat(busy.message().text()).endsWith("compute native");
			assertThat(busy.message().text()).endsWith("after");
		}
	}

	@Test
	void tellsOfAClientThatLeavesOnlyWhenItsCallbackIsOver() throws Exception {
		block(server, "gone", "block", "gone").close();
		LinkedBlockingQueue<Integer> closes = closes("gone");
		for (int i = 0; i < 20; i++) {
			try (RawClient other = connect(server, "gone")) {
				assertThat(ask(other, "other")).endsWith("other");
			}
		}
		assertThat(closes).as("the closes before the callback is over").isEmpty();
		release("gone");
		assertThat(closes.poll(1, TimeUnit.MINUTES)).isEqualTo(1006);
		try (RawClient other = connect(server, "gone")) {
			assertThat(ask(other, "other")).endsWith("other");
		}
		assertThat(closes).as("further closes").isEmpty();
	}

	@Test
	void closesWithinACallbackThatHasBlocked() throws Exception {
		try (RawClient blocked = block(server, "closing", "close", "closing"); RawClient other = connect(server, "virtual")) {
			assertThat(blocked.message().text()).isEqualTo("selector before");
			assertThat(ask(other, "other")).endsWith("other");
			release("closing");
			assertThat(blocked.message().closeCode()).as("instead of an answer to what came after").isEqualTo(4000);
			blocked.send(RawFrame.close(4000, "")).ended();
			assertThat(closes("closing").poll(1, TimeUnit.MINUTES)).isEqualTo(4000);
		}
	}

	private static LinkedBlockingQueue<Integer> closes(String name) {
		return Objects.requireNonNull(CLOSES.get(Objects.requireNonNull(BLOCKS.get(name)).fd));
	}

	@Test
	void answersOthersWhileManyCallbacksBlock() throws Exception {
		List<RawClient> blocked = new ArrayList<>();
		try {
			for (int i = 0; i < 30; i++) {
				blocked.add(connect(server, "many"));
			}
			blocked.add(block(server, "many", "block", "many"));
			for (RawClient client : blocked.subList(0, 30)) {
				client.send(RawFrame.text("block many"), RawFrame.text("after"));
			}
			for (int i = 0; i < 20; i++) {
				try (RawClient other = connect(server, "many")) {
					assertThat(ask(other, "other")).isEqualTo("virtual other");
				}
			}
			release("many");
			assertThat(blocked.getLast().message().text()).isEqualTo("selector before");
			for (RawClient client : blocked) {
				assertThat(client.message().text()).endsWith("block many");
				assertThat(client.message().text()).endsWith("after");
			}
		}
		finally {
			for (RawClient client : blocked) {
				client.close();
			}
		}
	}

	@Test
	void findsNothingOfEarlierCallbacksOnItsThread() throws Exception {
		try (RawClient one = connect(server, "stop"); RawClient other = connect(server, "stop")) {
			String left;
			String found;
			do {
				awaitSelector(one);
				left = ask(one, "leave");
				found = ask(other, "find");
			}
			while (left.startsWith("virtual") || found.startsWith("virtual"));
			assertThat(found).as("interrupted, MDC and class loader").isEqualTo("selector find false null false");
		}
	}

	@Test
	void callsNoneOnTheSelectorWhereOnlyVirtualThreadsAreAllowed() throws Exception {
		try (RawClient adaptive = connect(server, "stop"); RawClient virtual = connect(server, "virtual")) {
			awaitSelector(adaptive);
			for (int i = 0; i < 1000; i++) {
				assertThat(ask(virtual, "x")).isEqualTo("virtual x");
			}
		}
	}

	@Test
	void stopsWhileACallbackBlocks() throws Exception {
		RunningHawser stopped = start(List.of("stopped"));
		Traffic busy = new Traffic(stopped, List.of("stopped"));
		try (RawClient blocked = block(stopped, "stopped", "block", "stopped")) {
			Thread stopping = Thread.startVirtualThread(stopped::close);
			assertThat(blocked.message().text()).isEqualTo("selector before");
			assertThat(stopping.join(Duration.ofMinutes(1))).as("the server stops although a callback blocks").isTrue();
			assertThat(Objects.requireNonNull(BLOCKS.get("stopped")).interrupted).as("the callback was interrupted").isFalse();
			release("stopped");
		}
		finally {
			busy.end();
		}
	}
}
