package dev.hawser.testing;

import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection, on whose streams requests and WebSockets run side by side. Every wait ends after a minute. */
public final class Http2Client implements AutoCloseable {
	/** Bytes that the server may send on a stream before the client has read any. */
	public static final int STREAM_WINDOW = 65_535;
	private static final long PATIENCE_SECONDS = 60;

	private final HTTP2Client client = new HTTP2Client();
	private final String scheme;
	private final int port;
	private final CompletableFuture<Map<Integer, Integer>> settings = new CompletableFuture<>();
	private final CompletableFuture<Void> ended = new CompletableFuture<>();
	private @Nullable Session session;

	private Http2Client(String scheme, int port) {
		this.scheme = scheme;
		this.port = port;
		client.setInitialStreamRecvWindow(STREAM_WINDOW);
		client.setMaxRequestHeadersSize(64 * 1024);
	}

	/** Cleartext, with prior knowledge (RFC 9113 section 3.3). */
	public static Http2Client connect(int port) throws Exception {
		return new Http2Client("http", port).open(null);
	}

	/** TLS, chosen by ALPN (RFC 9113 section 3.2). */
	public static Http2Client connect(int port, KeyStore trusted) throws Exception {
		SslContextFactory.Client tls = new SslContextFactory.Client();
		tls.setTrustStore(trusted);
		return new Http2Client("https", port).open(tls);
	}

	/** As {@link #connect(int, KeyStore)}, with a certificate of the client's own. */
	public static Http2Client connect(int port, KeyStore trusted, KeyStore own, String password) throws Exception {
		SslContextFactory.Client tls = new SslContextFactory.Client();
		tls.setTrustStore(trusted);
		tls.setKeyStore(own);
		tls.setKeyStorePassword(password);
		return new Http2Client("https", port).open(tls);
	}

	private Http2Client open(SslContextFactory.@Nullable Client tls) throws Exception {
		if (tls != null) {
			client.getClientConnector().setSslContextFactory(tls);
		}
		client.start();
		InetSocketAddress address = new InetSocketAddress("localhost", port);
		CompletableFuture<Session> opening = tls == null ? client.connect(address, new Listener())
				: client.connect(tls, address, new Listener());
		session = opening.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		return this;
	}

	/** What the server announced; SETTINGS_ENABLE_CONNECT_PROTOCOL is number 8. */
	public Map<Integer, Integer> settings() throws Exception {
		return settings.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	/** What a page of this server would say in its Origin field. */
	public String origin() {
		return scheme + "://localhost:" + port;
	}

	/** Makes a handshake and expects the 200. Headers are names and values in turn. */
	public Http2Stream webSocket(String path, String... headers) throws Exception {
		Http2Stream stream = handshake(path, headers);
		if (stream.status() != 200) {
			throw new IllegalStateException("No WebSocket: status " + stream.status());
		}
		return stream;
	}

	/** Sends a good handshake, with more headers. */
	public Http2Stream handshake(String path, String... headers) throws Exception {
		HttpFields.Mutable fields = fields(headers);
		if (!fields.contains("sec-websocket-version")) {
			fields.add("sec-websocket-version", "13");
		}
		return connect("websocket", path, fields);
	}

	/** Sends an extended CONNECT. */
	public Http2Stream connect(@Nullable String protocol, String path, HttpFields fields) throws Exception {
		return send(new MetaData.ConnectRequest(scheme, new HostPortHttpField("localhost", port), path, fields, protocol), false);
	}

	/** Sends an ordinary request without a body. */
	public Http2Stream request(String method, String path, String... headers) throws Exception {
		return send(new MetaData.Request(method, HttpURI.from(scheme, "localhost", port, path), HttpVersion.HTTP_2, fields(headers)),
				true);
	}

	/** Header fields from names and values in turn. */
	public static HttpFields.Mutable fields(String... namesAndValues) {
		HttpFields.Mutable fields = HttpFields.build();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			fields.add(namesAndValues[i], namesAndValues[i + 1]);
		}
		return fields;
	}

	private Http2Stream send(MetaData.Request request, boolean last) throws Exception {
		Http2Stream stream = new Http2Stream();
		stream.opened(Objects.requireNonNull(session).newStream(new HeadersFrame(request, null, last), stream).get(PATIENCE_SECONDS,
				TimeUnit.SECONDS));
		return stream;
	}

	/** Waits until the server has closed the HTTP/2 connection. */
	public void awaitEnd() throws Exception {
		ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	public boolean hasEnded() {
		return ended.isDone();
	}

	/** Drops the TCP connection. */
	@Override
	public void close() {
		try {
			client.stop();
		}
		catch (Exception e) {
			throw new IllegalStateException("The client could not be stopped", e);
		}
	}

	private final class Listener implements Session.Listener {
		@Override
		public void onSettings(Session from, SettingsFrame frame) {
			settings.complete(frame.getSettings());
		}

		@Override
		public void onClose(Session from, GoAwayFrame frame, Callback callback) {
			ended.complete(null);
			callback.succeeded();
		}

		@Override
		public void onFailure(Session from, Throwable failure, Callback callback) {
			ended.complete(null);
			callback.succeeded();
		}
	}
}
