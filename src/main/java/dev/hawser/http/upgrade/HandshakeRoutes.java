package dev.hawser.http.upgrade;

import dev.hawser.handshake.FailureLog;
import dev.hawser.handshake.HandshakeContext;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Takes HTTP/1.1 upgrade requests for known paths straight to their interceptors and handshake handler, past the servlet
 * container and Spring MVC, which are most of what a handshake costs. It decides nothing: the same objects are registered
 * with Spring MVC, where every other request to those paths goes.
 */
public final class HandshakeRoutes {
	private static final FailureLog FAILURES = new FailureLog(LoggerFactory.getLogger(HandshakeRoutes.class));

	private static final int STATUS_LINE = 64;

	private final HandshakeContext context;
	private final Map<String, WebSocketEndpoint> endpoints = new ConcurrentHashMap<>();

	public HandshakeRoutes(HandshakeContext context) {
		this.context = context;
	}

	/** From now on upgrade requests for the path take the short way. */
	public void serve(String path, WebSocketEndpoint endpoint) {
		endpoints.put(path, endpoint);
	}

	/**
	 * The shortcut as a Jetty handler in front of another. It never blocks, so that Jetty calls it on the thread that has read
	 * the request; the other handler, which may, is called by an executor's thread.
	 *
	 * @param threads where everything runs that may wait
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
			WebSocketEndpoint endpoint = HttpMethod.GET.is(request.getMethod()) ? endpoints.get(Request.getPathInContext(request)) : null;
			JettyServerHttpRequest springRequest = endpoint == null ? null : JettyServerHttpRequest.of(request);
			if (endpoint == null || springRequest == null) {
				threads.execute(() -> handleElsewhere(request, new ClosingUnlessUpgraded(request, response), callback));
			}
			else if (endpoint.mayBlock().getAsBoolean()) {
				threads.execute(() -> shakeHands(endpoint, springRequest, request, response, callback));
			}
			else {
				shakeHands(endpoint, springRequest, request, response, callback);
			}
			return true;
		}

		/** What Jetty does with the outermost handler. */
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
	 * The answer to an upgrade request that somebody else handles. If it is no 101, it ends the connection: the client, or a
	 * proxy between, may have begun to wait for something else than HTTP.
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

	private void shakeHands(WebSocketEndpoint endpoint, JettyServerHttpRequest request, Request jettyRequest, Response jettyResponse,
			Callback callback) {
		JettyServerHttpResponse response = new JettyServerHttpResponse(jettyResponse.getHeaders(),
				jettyRequest.getConnectionMetaData().getHttpConfiguration().getResponseHeaderSize() - STATUS_LINE);
		if (!shakeHands(endpoint, request, response)) {
			request.upgradable().become(null);
			Response.writeError(jettyRequest, jettyResponse, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
			return;
		}
		jettyResponse.setStatus(response.status());
		// what could not be sent was no 101: there must be no connection behind it
		jettyResponse.write(true, ByteBuffer.wrap(response.body()),
				Callback.from(Invocable.InvocationType.NON_BLOCKING, callback::succeeded, failure -> {
					request.upgradable().become(null);
					callback.failed(failure);
				}));
	}

	/** The endpoint at a path, if its handshakes never wait; null for none. */
	@Nullable
	WebSocketEndpoint quickEndpoint(String path) {
		WebSocketEndpoint endpoint = endpoints.get(path);
		return endpoint == null || endpoint.mayBlock().getAsBoolean() ? null : endpoint;
	}

	/** Asks everybody and fills in the response. False when that has failed and the response is of no use. */
	boolean shakeHands(WebSocketEndpoint endpoint, JettyServerHttpRequest request, JettyServerHttpResponse response) {
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

	/** What Spring's {@code WebSocketHttpRequestHandler} does. */
	private static void ask(WebSocketEndpoint endpoint, JettyServerHttpRequest request, JettyServerHttpResponse response)
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
