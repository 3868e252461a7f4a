package dev.hawser.upgrade;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Takes HTTP/1.1 upgrade requests for known paths straight to their interceptors and handshake handler, past the servlet
 * container and Spring MVC, which are most of what a handshake costs. It decides nothing: the same objects are registered
 * with Spring MVC, where every other request to those paths goes.
 */
public final class HandshakeShortcut {
	private static final Logger LOG = LoggerFactory.getLogger(HandshakeShortcut.class);

	private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

	private record Endpoint(WebSocketHandler handler, HandshakeHandler handshake, boolean mayBlock, HandshakeInterceptor[] interceptors) {
	}

	/**
	 * From now on upgrade requests for the path take the short way.
	 *
	 * @param mayBlock whether an interceptor may wait: handshakes then run on virtual threads, otherwise on the thread that
	 *     reads the sockets
	 */
	public void serve(String path, WebSocketHandler handler, HandshakeHandler handshake, boolean mayBlock,
			HandshakeInterceptor... interceptors) {
		endpoints.put(path, new Endpoint(handler, handshake, mayBlock, interceptors.clone()));
	}

	/**
	 * The shortcut as a Jetty handler in front of another. It never blocks, so that Jetty calls it on the thread that has read
	 * the request; the other handler, which may, is called by an executor's thread.
	 *
	 * @param threads where everything runs that may wait
	 */
	Handler before(Handler next, Executor threads) {
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
			Endpoint endpoint = isUpgrade(request) ? endpoints.get(Request.getPathInContext(request)) : null;
			JettyServerHttpRequest springRequest = endpoint == null ? null : JettyServerHttpRequest.of(request);
			if (endpoint == null || springRequest == null) {
				threads.execute(() -> handleElsewhere(request, response, callback));
			}
			else if (endpoint.mayBlock) {
				threads.execute(() -> shakeHands(endpoint, springRequest, response, callback));
			}
			else {
				shakeHands(endpoint, springRequest, response, callback);
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

	private static boolean isUpgrade(Request request) {
		return HttpMethod.GET.is(request.getMethod())
				&& request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
				&& request.getHeaders().contains(HttpHeader.UPGRADE, "websocket");
	}

	private static void shakeHands(Endpoint endpoint, JettyServerHttpRequest request, Response jettyResponse, Callback callback) {
		JettyServerHttpResponse response = new JettyServerHttpResponse(jettyResponse);
		try {
			shakeHands(endpoint, request, response);
		}
		catch (Exception | Error e) {
			LOG.error("A handshake failed", e);
			Response.writeError(request.request(), jettyResponse, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
			return;
		}
		response.send(callback);
	}

	/** What Spring's {@code WebSocketHttpRequestHandler} does. */
	private static void shakeHands(Endpoint endpoint, JettyServerHttpRequest request, JettyServerHttpResponse response)
			throws Exception {
		Map<String, Object> attributes = new HashMap<>(4);
		for (HandshakeInterceptor interceptor : endpoint.interceptors) {
			if (!interceptor.beforeHandshake(request, response, endpoint.handler, attributes)) {
				return;
			}
		}
		endpoint.handshake.doHandshake(request, response, endpoint.handler, attributes);
		for (HandshakeInterceptor interceptor : List.of(endpoint.interceptors).reversed()) {
			interceptor.afterHandshake(request, response, endpoint.handler, null);
		}
	}
}
