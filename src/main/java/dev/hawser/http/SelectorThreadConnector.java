package dev.hawser.http;

import dev.hawser.connection.execution.CallbackThreads;
import dev.hawser.http.upgrade.FirstRequestFactory;
import dev.hawser.http.upgrade.PushbackEndPoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Accepts, opens and closes sockets on the selector's own thread. Jetty would hand each of the three to a thread of its pool,
 * although none of them waits; waking that thread costs more than the work.
 */
public final class SelectorThreadConnector extends ServerConnector {
	/**
	 * Connections that the kernel has made and nobody has accepted yet; Java would allow 50. When a whole cluster's clients come
	 * back, those above it wait for their next attempt, a second or more. The kernel has a bound of its own (somaxconn).
	 */
	private static final int ACCEPT_QUEUE = 4096;

	private SelectorThreadConnector(ServerConnector like) {
		super(like.getServer(), like.getExecutor(), like.getScheduler(), like.getByteBufferPool(), 0,
				like.getSelectorManager().getSelectorCount(), like.getConnectionFactories().toArray(ConnectionFactory[]::new));
		setHost(like.getHost());
		setPort(like.getPort());
		setIdleTimeout(like.getIdleTimeout());
		setAcceptQueueSize(like.getAcceptQueueSize() > 0 ? like.getAcceptQueueSize() : ACCEPT_QUEUE);
	}

	/** Takes the place of the server's plain connectors; one with TLS is left as it is. */
	static void use(Server server) {
		server.setConnectors(Arrays.stream(server.getConnectors())
				.map(connector -> connector.getClass() == ServerConnector.class ? new SelectorThreadConnector((ServerConnector) connector)
						: connector)
				.toArray(Connector[]::new));
		NetworkConnectionLimit limit = server.getBean(NetworkConnectionLimit.class);
		if (limit != null) { // it counts the connections of the connectors that it was made with
			server.removeBean(limit);
			server.addBean(new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(), server.getConnectors()));
		}
	}

	@Override
	protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
		return new OnSelectorThread(executor, scheduler, selectors);
	}

	@Override
	protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
		SocketChannelEndPoint endPoint = new PushbackEndPoint(channel, selector, key, getScheduler());
		endPoint.setIdleTimeout(
				getDefaultConnectionFactory() instanceof FirstRequestFactory first ? first.idleTimeout(this) : getIdleTimeout());
		return endPoint;
	}

	private final class OnSelectorThread extends ServerConnectorManager {
		private ManagedSelector any;

		OnSelectorThread(Executor executor, Scheduler scheduler, int selectors) {
			super(executor, scheduler, selectors);
		}

		@Override
		protected ManagedSelector newSelector(int id) {
			ManagedSelector selector = new RoundSelector(this, id);
			if (id == 0) {
				any = selector;
			}
			return selector;
		}

		/** As Jetty does it, but without the {@code Socket} view of the channel, which the channel then keeps. */
		@Override
		protected void accepted(SelectableChannel channel) throws IOException {
			CallbackThreads.startWaiting();
			channel.configureBlocking(false);
			try {
				((SocketChannel) channel).setOption(StandardSocketOptions.TCP_NODELAY, getAcceptedTcpNoDelay());
			}
			catch (IOException e) {
				// reset already, which the first read will find
			}
			accept(channel);
		}

		/** Called for a socket that the selector has just registered, for one that is closed, and for the selector's own loop. */
		@Override
		protected void execute(Runnable task) {
			if (task instanceof ManagedSelector.SelectorUpdate) {
				CallbackThreads.startWaiting();
				task.run(); // accepted: this is the selector's thread
			}
			else if (task instanceof Closeable) {
				any.submit(_ -> task.run()); // closed, perhaps in the middle of something: soon
			}
			else {
				super.execute(task);
			}
		}
	}

	/** Between two selects its thread reads all sockets that are ready. */
	private static final class RoundSelector extends ManagedSelector {
		private final CallbackThreads.SelectorRound round = new CallbackThreads.SelectorRound();

		RoundSelector(SelectorManager manager, int id) {
			super(manager, id);
		}

		@Override
		protected int nioSelect(Selector selector, boolean now) throws IOException {
			round.end();
			int ready = super.nioSelect(selector, now);
			round.begin();
			return ready;
		}

		@Override
		protected void doStop() throws Exception {
			try {
				super.doStop();
			}
			finally {
				round.end();
			}
		}
	}
}
