package dev.hawser.http;

import dev.hawser.connection.execution.CallbackThreads;
import dev.hawser.http.upgrade.PushbackEndPoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Accepts, opens and closes sockets on the selector's own thread. Jetty would pass these tasks to threads of its pool. None of them
 * waits, and waking another thread costs more than the work itself.
 *
 * <p>The thread of a selector can be replaced while it calls a callback that could block, see {@link RoundSelector}.
 *
 * <p>Relies on what Jetty 12.1 does inside: the task for an accepted socket is a {@code SelectorUpdate}, the task for a closed one is a
 * {@code Closeable}, and {@code nioSelect} is called before what is ready is read; without that no callback would start. {@code
 * SelectorThreadTests} holds all three.
 */
final class SelectorThreadConnector extends ServerConnector {
	/**
	 * Most connections that wait to be accepted; Java's default is 50. When all clients of a cluster reconnect, those above the
	 * limit must try again, after a second or more. The kernel has a limit of its own (somaxconn).
	 */
	private static final int ACCEPT_QUEUE = 4096;

	private final Consumer<String> refused;
	/** Runs requests, which may block; a thread for each. */
	private final Executor elsewhere;
	/** Time that a socket has until its first request; null when only Jetty's idle timeout applies. */
	private @Nullable Duration firstRequest;

	private SelectorThreadConnector(ServerConnector like, Consumer<String> refused) {
		super(like.getServer(), like.getExecutor(), like.getScheduler(), like.getByteBufferPool(), 0,
				like.getSelectorManager().getSelectorCount(), like.getConnectionFactories().toArray(ConnectionFactory[]::new));
		this.refused = refused;
		Executor virtual = VirtualThreads.getVirtualThreadsExecutor(getExecutor());
		this.elsewhere = virtual == null ? getExecutor() : virtual;
		setHost(like.getHost());
		setPort(like.getPort());
		setIdleTimeout(like.getIdleTimeout());
		setAcceptQueueSize(like.getAcceptQueueSize() > 0 ? like.getAcceptQueueSize() : ACCEPT_QUEUE);
	}

	/**
	 * Replaces the server's plain connectors; connectors with TLS are not changed.
	 *
	 * @param refused receives the reason of each socket that is not accepted
	 */
	static void use(Server server, Consumer<String> refused) {
		server.setConnectors(Arrays.stream(server.getConnectors())
				.map(connector -> connector.getClass() == ServerConnector.class
						? new SelectorThreadConnector((ServerConnector) connector, refused)
						: connector)
				.toArray(Connector[]::new));
		NetworkConnectionLimit limit = server.getBean(NetworkConnectionLimit.class);
		if (limit != null) { // the limit counts only the connections of the connectors that it was made with
			server.removeBean(limit);
			server.addBean(new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(), server.getConnectors()));
		}
	}

	/**
	 * Sets the time that a socket has until its first request. A {@link RequestDeadline} enforces it, so no idle timeout is needed
	 * until then.
	 */
	void firstRequestWithin(Duration timeout) {
		firstRequest = timeout;
	}

	@Override
	protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
		return new OnSelectorThread(executor, scheduler, selectors);
	}

	@Override
	protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
		SocketChannelEndPoint endPoint = new PushbackEndPoint(channel, selector, key, getScheduler(), (RoundSelector) selector);
		boolean watched = firstRequest != null && firstRequest.toMillis() <= getIdleTimeout();
		endPoint.setIdleTimeout(watched ? 0 : getIdleTimeout());
		return endPoint;
	}

	private final class OnSelectorThread extends ServerConnectorManager {
		/** Reads {@code refused} when it is needed: Jetty's constructor makes this object before that field is set. */
		private final ReserveFile reserve = new ReserveFile(reason -> refused.accept(reason));
		private final StandIns standIns;
		private @Nullable ManagedSelector any;

		OnSelectorThread(Executor executor, Scheduler scheduler, int selectors) {
			super(executor, scheduler, selectors);
			this.standIns = new StandIns(executor);
		}

		/** The executor that each selector is made with. */
		@Override
		public Executor getExecutor() {
			return standIns;
		}

		@Override
		protected ManagedSelector newSelector(int id) {
			ManagedSelector selector = new RoundSelector(this, id, standIns, elsewhere, before -> onEndPointClosed(before));
			if (id == 0) {
				any = selector;
			}
			return selector;
		}

		/** Called by the thread of the selector that accepts connections. */
		@Override
		protected @Nullable SelectableChannel doAccept(SelectableChannel server) throws IOException {
			try {
				return super.doAccept(server);
			}
			catch (ClosedChannelException e) {
				throw e;
			}
			catch (IOException e) {
				hangUp((ServerSocketChannel) server, e);
				return null;
			}
		}

		private void hangUp(ServerSocketChannel server, IOException cause) {
			try {
				reserve.hangUp(server, cause);
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		protected void doStop() throws Exception {
			super.doStop();
			reserve.close();
		}

		/** As in Jetty, but does not create the {@code Socket} view of the channel, which the channel would then keep. */
		@Override
		protected void accepted(SelectableChannel channel) throws IOException {
			CallbackThreads.startWaiting();
			channel.configureBlocking(false);
			try {
				((SocketChannel) channel).setOption(StandardSocketOptions.TCP_NODELAY, getAcceptedTcpNoDelay());
			}
			catch (IOException e) {
				// already reset; the first read will notice
			}
			accept(channel);
		}

		/** Called for a socket that the selector has just registered, for one that is closed, and for the selector's own loop. */
		@Override
		protected void execute(Runnable task) {
			if (task instanceof ManagedSelector.SelectorUpdate) {
				CallbackThreads.startWaiting();
				task.run(); // an accepted socket: this is the selector's thread
			}
			else if (task instanceof Closeable && any != null) {
				any.submit(_ -> task.run()); // a closed socket, perhaps in the middle of other work: run soon
			}
			else {
				standIns.start(task);
			}
		}
	}
}
