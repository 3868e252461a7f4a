package dev.hawser.http.upgrade;

import dev.hawser.handshake.FailureLog;
import dev.hawser.handshake.HandshakeContext;
import dev.hawser.http.HeadLimits;
import dev.hawser.http.proxy.OriginalRequestCustomizer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Passes HTTP/1.1 upgrade requests for known paths directly to their interceptors and handshake handler. This avoids the servlet
 * container and Spring MVC, which are most of the cost of a handshake. The result is the same on both ways: the same objects are
 * registered with Spring MVC, which handles every other request to those paths.
 */
public final class HandshakeRoutes {
	private static final FailureLog FAILURES = new FailureLog(LoggerFactory.getLogger(HandshakeRoutes.class));

	private static final int STATUS_LINE = 64;

	private final HandshakeContext context;
	private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

	/**
	 * The parts that answer handshakes at a path.
	 *
	 * @param handler      handler of the connections
	 * @param interceptors the checks, in their order
	 * @param handshake    makes a connection of a handshake that all interceptors accept
	 * @param pause        for how long an interceptor may wait, asked for each handshake. If one may, the handshake runs on a virtual
	 *     thread, otherwise on the thread that reads the sockets
	 */
	public record Endpoint(WebSocketHandler handler, HandshakeInterceptor[] interceptors, HandshakeHandler handshake,
			Supplier<Pause> pause) {
	}

	/** For how long a handshake may wait. */
	public enum Pause {
		NONE,
		/** Less than a second, for what this server has asked itself. */
		SHORT,
		/** For the application, or for those that it asks. */
		LONG
	}

	public HandshakeRoutes(HandshakeContext context) {
		this.context = context;
	}

	/** Handles upgrade requests for the path directly from now on. */
	public void serve(String path, Endpoint endpoint) {
		endpoints.put(path, endpoint);
	}

	/**
	 * Answers plain handshakes before Jetty's HTTP connections do.
	 *
	 * @param clientAddress finds the address of clients behind proxies
	 * @param http          makes the connections for everything that is not a plain handshake
	 */
	public ConnectionFactory firstRequests(OriginalRequestCustomizer clientAddress, HeadLimits limits, HttpConnectionFactory http) {
		return new FirstRequestFactory(this, clientAddress, limits, http);
	}

	/**
	 * The shortcut as a Jetty handler in front of another handler. It never blocks, so that Jetty calls it on the thread that has
	 * read the request. The other handler may block and is called by a thread of the executor.
	 *
	 * @param threads runs everything that may wait
	 */
	public Handler before(Handler next, Executor threads) {
		return new Wrapper(next, threads);
	}

	private final class Wrapper extends Handler.Wrapper {
		private final Executor threads;

		Wrapper(Handler next, Executor threads) {
			super(next);
			this.threads = threads;
		}

		@Override
		public InvocationType getInvocationType() {
			return InvocationType.NON_BLOCKING;
		}

		@Override
		public boolean handle(Request request, Response response, Callback callback) {
			if (!asksForWebSocket(request)) {
				threads.execute(() -> handleElsewhere(request, response, callback));
				return true;
			}
			Endpoint endpoint = HttpMethod.GET.is(request.getMethod()) ? endpoints.get(Request.getPathInContext(request)) : null;
			JettyServerHttpRequest springRequest = endpoint == null ? null : JettyServerHttpRequest.of(request);
			if (endpoint == null || springRequest == null) {
				threads.execute(() -> handleElsewhere(request, new ClosingUnlessUpgraded(request, response), callback));
			}
			else if (endpoint.pause().get() != Pause.NONE) {
				threads.execute(() -> shakeHands(endpoint, springRequest, request, response, callback));
			}
			else {
				shakeHands(endpoint, springRequest, request, response, callback);
			}
			return true;
		}

		/** Calls the other handler as Jetty calls the outermost one. */
		private void handleElsewhere(Request request, Response response, Callback callback) {
			try {
				if (!super.handle(request, response, callback)) {
					Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
				}
			}
			catch (Throwable e) {
				Response.writeError(request, response, callback, e);
			}
		}
	}

	/**
	 * The answer to an upgrade request that the other handler answers. Any answer but a 101 closes the connection: the client, or a
	 * proxy in between, may no longer expect HTTP on it.
	 */
	private static final class ClosingUnlessUpgraded extends Response.Wrapper {
		ClosingUnlessUpgraded(Request request, Response wrapped) {
			super(request, wrapped);
		}

		@Override
		public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
			if (!isCommitted() && getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101
					&& !getHeaders().contains(HttpHeader.CONNECTION, "close")) {
				getHeaders().add(HttpHeader.CONNECTION, "close");
			}
			super.write(last, content, callback);
		}
	}

	private static boolean asksForWebSocket(Request request) {
		return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
				&& request.getHeaders().contains(HttpHeader.UPGRADE, "websocket");
	}

	private void shakeHands(Endpoint endpoint, JettyServerHttpRequest request, Request jettyRequest, Response jettyResponse,
			Callback callback) {
		JettyServerHttpResponse response = new JettyServerHttpResponse(jettyResponse.getHeaders(),
				jettyRequest.getConnectionMetaData().getHttpConfiguration().getResponseHeaderSize() - STATUS_LINE);
		if (!shakeHands(endpoint, request, response)) {
			request.upgradable().become(null);
			Response.writeError(jettyRequest, jettyResponse, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
			return;
		}
		jettyResponse.setStatus(response.status());
		// the failed response is not a 101, so the socket must not become a connection
		jettyResponse.write(true, ByteBuffer.wrap(response.body()),
				Callback.from(Invocable.InvocationType.NON_BLOCKING, callback::succeeded, failure -> {
					request.upgradable().become(null);
					callback.failed(failure);
				}));
	}

	/** The endpoint at a path; null for none. */
	@Nullable
	Endpoint endpoint(String path) {
		return endpoints.get(path);
	}

	/**
	 * Runs the interceptors and the handler, which fill in the response. False when that failed and the response must not be used.
	 */
	boolean shakeHands(Endpoint endpoint, JettyServerHttpRequest request, JettyServerHttpResponse response) {
		try {
			context.run(request, () -> {
				ask(endpoint, request, response);
				return response.status();
			});
			return true;
		}
		catch (Exception | Error e) {
			FAILURES.error("A handshake failed", e);
			return false;
		}
	}

	/** Calls interceptors and handler as Spring's {@code WebSocketHttpRequestHandler} does. */
	private static void ask(Endpoint endpoint, JettyServerHttpRequest request, JettyServerHttpResponse response)
			throws Exception {
		Map<String, Object> attributes = new HashMap<>(4);
		for (HandshakeInterceptor interceptor : endpoint.interceptors()) {
			if (!interceptor.beforeHandshake(request, response, endpoint.handler(), attributes)) {
				return;
			}
		}
		endpoint.handshake().doHandshake(request, response, endpoint.handler(), attributes);
		for (HandshakeInterceptor interceptor : List.of(endpoint.interceptors()).reversed()) {
			interceptor.afterHandshake(request, response, endpoint.handler(), null);
		}
	}
}
