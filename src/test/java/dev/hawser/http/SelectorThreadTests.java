package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
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
}
