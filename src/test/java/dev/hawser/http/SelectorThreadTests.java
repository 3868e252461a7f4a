package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link SelectorThreadConnector} assumes about Jetty: the form of the tasks that Jetty gives to a thread of its pool. */
class SelectorThreadTests {
	private final BlockingQueue<Thread> opened = new LinkedBlockingQueue<>();
	private final BlockingQueue<Thread> closed = new LinkedBlockingQueue<>();
	private final Server server = new Server();
	private ServerConnector connector = new ServerConnector(server, 0, 1);

	@BeforeEach
	void start() throws Exception {
		connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
		server.addConnector(connector);
		SelectorThreadConnector.use(server, _ -> {
		});
		connector = (ServerConnector) server.getConnectors()[0];
		connector.addBean(new Connection.Listener() {
			@Override
			public void onOpened(Connection connection) {
				opened.add(Thread.currentThread());
			}

			@Override
			public void onClosed(Connection connection) {
				closed.add(Thread.currentThread());
			}
		});
		server.start();
	}

	@AfterEach
	void stop() throws Exception {
		server.stop();
	}

	/** The thread that selects. */
	private Thread selecting() throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		connector.getSelectorManager().getBean(ManagedSelector.class).submit(_ -> thread.complete(Thread.currentThread()));
		return thread.get(1, TimeUnit.MINUTES);
	}

	/** A task of {@code ManagedSelector.SelectorUpdate}, with the socket that has just been accepted. */
	@Test
	void opensSocketsOnTheThreadThatSelects() throws Exception {
		try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
			assertThat(opened.poll(1, TimeUnit.MINUTES)).isSameAs(selecting());
		}
	}

	/** A {@code Closeable} task, with the end point whose socket has been closed, here by another thread. */
	@Test
	void closesSocketsOnTheThreadThatSelects() throws Exception {
		try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
			assertThat(opened.poll(1, TimeUnit.MINUTES)).isNotNull();
			connector.getConnectedEndPoints().iterator().next().close();
			assertThat(closed.poll(1, TimeUnit.MINUTES)).isSameAs(selecting());
		}
	}

	/** Of {@code nioSelect}: it is called before what is ready is read, by the thread that then reads. */
	@Test
	void selectsByNioSelectBeforeItReads() throws Exception {
		BlockingQueue<String> events = new LinkedBlockingQueue<>();
		BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
		ServerConnector recording = new Recording(server, events, read);
		server.addConnector(recording);
		recording.start();
		try (Socket client = new Socket(InetAddress.getLoopbackAddress(), recording.getLocalPort())) {
			for (int i = 1; i <= 5; i++) {
				client.getOutputStream().write(i);
				assertThat(read.poll(1, TimeUnit.MINUTES)).isEqualTo(i);
			}
		}
		List<String> order = List.copyOf(events);
		List<Integer> reads = IntStream.range(0, order.size()).filter(i -> order.get(i).startsWith("read")).boxed().toList();
		assertThat(reads).hasSizeGreaterThanOrEqualTo(5).allSatisfy(i -> assertThat(order.get(i - 1)).isEqualTo("select by "
				+ order.get(i).substring("read by ".length())));
	}

	/** Writes down when Jetty selects and when it has a connection read a byte. */
	private static final class Recording extends ServerConnector {
		private final BlockingQueue<String> events;

		Recording(Server server, BlockingQueue<String> events, BlockingQueue<Integer> read) {
			super(server, null, null, null, 0, 1, new Reading(events, read));
			this.events = events;
			setHost(InetAddress.getLoopbackAddress().getHostAddress());
		}

		@Override
		protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
			return new ServerConnectorManager(executor, scheduler, selectors) {
				@Override
				protected ManagedSelector newSelector(int id) {
					return new ManagedSelector(this, id) {
						@Override
						protected int nioSelect(Selector selector, boolean now) throws IOException {
							int ready = super.nioSelect(selector, now);
							events.add("select by " + Thread.currentThread());
							return ready;
						}
					};
				}
			};
		}
	}

	/** Makes connections that read as Hawser's do: without blocking. */
	private static final class Reading extends AbstractConnectionFactory {
		private final BlockingQueue<String> events;
		private final BlockingQueue<Integer> read;

		Reading(BlockingQueue<String> events, BlockingQueue<Integer> read) {
			super("reading");
			this.events = events;
			this.read = read;
		}

		@Override
		public Connection newConnection(Connector from, EndPoint endPoint) {
			return new AbstractConnection.NonBlocking(endPoint, from.getExecutor()) {
				@Override
				public void onOpen() {
					super.onOpen();
					fillInterested();
				}

				@Override
				public void onFillable() {
					events.add("read by " + Thread.currentThread());
					try {
						ByteBuffer in = ByteBuffer.allocate(1).limit(0);
						if (getEndPoint().fill(in) < 0) {
							getEndPoint().close();
							return;
						}
						while (in.hasRemaining()) {
							read.add((int) in.get());
						}
						fillInterested();
					}
					catch (IOException e) {
						getEndPoint().close(e);
					}
				}
			};
		}
	}
}
