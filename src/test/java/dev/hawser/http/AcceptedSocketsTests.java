package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets that cannot be accepted. */
class AcceptedSocketsTests {
	private final List<String> refused = new ArrayList<>();
	private final Server server = new Server();
	private ServerConnector connector = new ServerConnector(server, 0, 1);

	@BeforeEach
	void start() throws Exception {
		connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
		server.addConnector(connector);
		SelectorThreadConnector.use(server, refused::add);
		connector = (ServerConnector) server.getConnectors()[0];
		server.start();
	}

	@AfterEach
	void stop() throws Exception {
		server.stop();
	}

	@Test
	void areRefusedAndCountedWhenNoFilesAreLeft() throws Exception {
		try (ServerSocketChannel listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				Socket client = new Socket(InetAddress.getLoopbackAddress(), listening.socket().getLocalPort())) {
			client.setSoTimeout(60_000);
			Method accept = SelectorManager.class.getDeclaredMethod("doAccept", SelectableChannel.class);
			accept.setAccessible(true);
			assertThat(accept.invoke(connector.getSelectorManager(), new WithoutFiles(listening))).isNull();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
		assertThat(refused).containsExactly("open-files");
	}

	/** A listening socket on which the first attempt to accept finds no file left. */
	private static final class WithoutFiles extends ServerSocketChannel {
		private final ServerSocketChannel real;
		private boolean tried;

		WithoutFiles(ServerSocketChannel real) {
			super(real.provider());
			this.real = real;
		}

		@Override
		public SocketChannel accept() throws IOException {
			if (!tried) {
				tried = true;
				throw new IOException("Too many open files");
			}
			return real.accept();
		}

		@Override
		public ServerSocketChannel bind(SocketAddress local, int backlog) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> T getOption(SocketOption<T> name) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Set<SocketOption<?>> supportedOptions() {
			return Set.of();
		}

		@Override
		public ServerSocket socket() {
			throw new UnsupportedOperationException();
		}

		@Override
		public SocketAddress getLocalAddress() {
			throw new UnsupportedOperationException();
		}

		@Override
		protected void implCloseSelectableChannel() {
			// the real one is closed by the test
		}

		@Override
		protected void implConfigureBlocking(boolean block) {
			// accepting waits for nobody: a client is there
		}
	}
}
