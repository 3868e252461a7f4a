package dev.hawser.http.upgrade;

import dev.hawser.connection.execution.CallbackThreads;
import dev.hawser.connection.outbox.BufferPool;
import dev.hawser.handshake.FailureLog;
import dev.hawser.handshake.ProblemDocument;
import dev.hawser.http.proxy.OriginalRequest;
import dev.hawser.http.proxy.OriginalRequestCustomizer;
import dev.hawser.http.proxy.RefusedRequestException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The first connection of every socket. If the first bytes are a whole, plain WebSocket handshake whose checks do not wait for long, it is
 * answered here, on the selector's thread if they do not wait at all. In every other case all bytes are left to Jetty's HTTP connection, as if they had not
 * been read.
 */
final class FirstRequest extends AbstractConnection.NonBlocking implements Connection.UpgradeFrom, Upgradable {
	private static final FailureLog FAILURES = new FailureLog(LoggerFactory.getLogger(FirstRequest.class));

	private final FirstRequestFactory factory;
	private final Connector connector;
	private final PushbackEndPoint socket;
	/** The client's address; behind a proxy not the peer of the socket. */
	private @Nullable SocketAddress client;
	private @Nullable JettyTransport transport;
	/** Bytes that came after the handshake. */
	private @Nullable ByteBuffer unread;
	/** Whether a refusal has been written. The socket is then only read until the client closes it. */
	private boolean refused;
	private int answered;

	FirstRequest(FirstRequestFactory factory, Connector connector, PushbackEndPoint socket) {
		super(socket, connector.getExecutor());
		this.socket = socket;
		this.factory = factory;
		this.connector = connector;
	}

	@Override
	public void onOpen() {
		super.onOpen();
		fillInterested();
	}

	@Override
	public void onFillable() {
		CallbackThreads.startWaiting();
		ByteBuffer buffer = BufferPool.acquire();
		try {
			ByteBuffer in = buffer.slice(0, factory.bytesAtOnce()).limit(0);
			int count = socket.fill(in);
			if (count < 0) {
				socket.close();
			}
			else if (count == 0 || refused) {
				fillInterested();
			}
			else {
				read(in);
			}
		}
		catch (IOException e) {
			socket.close();
		}
		catch (RuntimeException | Error e) {
			FAILURES.error("A request could not be handed on", e);
			socket.close();
		}
		finally {
			BufferPool.release(buffer);
		}
	}

	private void read(ByteBuffer in) throws IOException {
		int start = in.position();
		RequestHead head = RequestHead.read(in, factory.limits());
		HandshakeRoutes.Endpoint endpoint = head != null && asksForWebSocket(head.headers())
				? factory.routes().endpoint(head.path()) : null;
		HandshakeRoutes.Pause pause = endpoint == null ? HandshakeRoutes.Pause.LONG : endpoint.pause().get();
		JettyServerHttpRequest request = head == null || pause == HandshakeRoutes.Pause.LONG || factory.isLogged(connector) ? null
				: request(head);
		if (endpoint == null || request == null) {
			in.position(start);
			if (socket.getIdleTimeout() == 0) {
				socket.setIdleTimeout(connector.getIdleTimeout());
			}
			socket.leaveTo(factory.http().newConnection(connector, socket), in);
		}
		else if (pause == HandshakeRoutes.Pause.SHORT) {
			ByteBuffer rest = ByteBuffer.allocate(in.remaining()).put(in).flip(); // the buffer of the read is not kept
			Executor threads = Objects.requireNonNull(VirtualThreads.getVirtualThreadsExecutor(connector.getExecutor()));
			threads.execute(() -> answerLater(endpoint, request, rest));
		}
		else {
			answer(endpoint, request, in);
		}
	}

	/** As {@link #answer}, on a thread that may wait. Nothing is read meanwhile. */
	private void answerLater(HandshakeRoutes.Endpoint endpoint, JettyServerHttpRequest request, ByteBuffer in) {
		try {
			answer(endpoint, request, in);
		}
		catch (IOException e) {
			socket.close();
		}
		catch (RuntimeException | Error e) {
			FAILURES.error("A handshake could not be answered", e);
			socket.close();
		}
	}

	/** Whether both headers of an upgrade are there; Jetty refuses one without the other before it routes the request. */
	private static boolean asksForWebSocket(HttpFields headers) {
		return headers.contains(HttpHeader.UPGRADE, "websocket") && headers.contains(HttpHeader.CONNECTION, "upgrade");
	}

	/** The request as its client sent it; null for a request that Jetty must refuse. */
	private @Nullable JettyServerHttpRequest request(RequestHead head) {
		client = socket.getRemoteSocketAddress();
		if (OriginalRequestCustomizer.isPlain(head.headers())) {
			return JettyServerHttpRequest.of(head, client, socket, this);
		}
		try {
			OriginalRequest sent = factory.clientAddress().asSent(HttpURI.from(head.uri()), head.headers(), client, true);
			client = sent.client() == null ? client : sent.client();
			return JettyServerHttpRequest.of(sent.uri().asString(), sent.headers(), client, socket, this);
		}
		catch (RefusedRequestException e) {
			return null;
		}
	}

	private void answer(HandshakeRoutes.Endpoint endpoint, JettyServerHttpRequest request, ByteBuffer in) throws IOException {
		HttpFields.Mutable headers = HttpFields.build();
		HttpField date = factory.date(connector);
		if (date != null) {
			headers.add(date);
		}
		JettyServerHttpResponse response = new JettyServerHttpResponse(headers, factory.responseHeaderSize());
		if (factory.routes().shakeHands(endpoint, request, response)) {
			unread = in;
			send(response.status(), headers, response.body());
			return;
		}
		transport = null;
		headers = HttpFields.build();
		byte[] problem = ProblemDocument.of(HttpStatus.INTERNAL_SERVER_ERROR_500, "The server failed to answer the handshake.", null)
				.json();
		headers.put(HttpHeader.CONTENT_TYPE, ProblemDocument.CONTENT_TYPE).put(HttpHeader.CONTENT_LENGTH, problem.length)
				.put(HttpHeader.CONNECTION, "close");
		send(HttpStatus.INTERNAL_SERVER_ERROR_500, headers, problem);
	}

	private void send(int status, HttpFields.Mutable headers, byte[] body) throws IOException {
		ByteBuffer out = BufferPool.acquire();
		try {
			out.put(("HTTP/1.1 " + status + ' ' + HttpStatus.getMessage(status) + "\r\n").getBytes(StandardCharsets.US_ASCII));
			HttpGenerator.putTo(headers, out);
			ByteBuffer whole = out.remaining() < body.length ? ByteBuffer.allocate(out.position() + body.length).put(out.flip()) : out;
			whole.put(body).flip();
			if (socket.flush(whole)) {
				sent();
				return;
			}
			// The client reads too slowly. Bytes after its request are copied, since both buffers are returned to the pool.
			unread = unread == null ? null : ByteBuffer.allocate(unread.remaining()).put(unread).flip();
			Callback then = Callback.from(Invocable.InvocationType.NON_BLOCKING, this::sent, _ -> socket.close());
			socket.write(then, ByteBuffer.allocate(whole.remaining()).put(whole).flip());
		}
		finally {
			BufferPool.release(out);
		}
	}

	/** Called when the response is on the wire. */
	private void sent() {
		answered = 1;
		if (transport != null) {
			socket.upgrade(transport);
			return;
		}
		unread = null;
		refused = true;
		socket.shutdownOutput();
		fillInterested();
	}

	/** The bytes after the handshake; the WebSocket copies them. */
	@Override
	public @Nullable ByteBuffer onUpgradeFrom() {
		ByteBuffer rest = unread;
		unread = null;
		return rest;
	}

	@Override
	public long getMessagesIn() {
		return answered;
	}

	@Override
	public long getMessagesOut() {
		return answered;
	}

	// Upgradable

	@Override
	public boolean isStream() {
		return false;
	}

	@Override
	public JettyTransport newTransport() {
		return new JettyTransport(socket, client);
	}

	@Override
	public void become(@Nullable JettyTransport accepted) {
		transport = accepted;
	}
}
