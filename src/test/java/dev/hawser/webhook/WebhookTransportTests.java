package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends that are called over TLS, or over HTTP/2. */
class WebhookTransportTests {
	private static final String ENTRY = "hawser.hubs.default.webhooks[0].";

	@TempDir
	private Path folder;

	/** A backend with the certificate for localhost, which answers a message with the name of the client's certificate. */
	private static HttpsServer https(CertificateChain chain, boolean wantsCertificate) throws Exception {
		KeyStore store = KeyStore.getInstance(chain.keyStore().toFile(), CertificateChain.PASSWORD.toCharArray());
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(store, CertificateChain.PASSWORD.toCharArray());
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(chain.trustStore());
		SSLContext tls = SSLContext.getInstance("TLS");
		tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
		HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(tls) {
			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
				ssl.setNeedClientAuth(wantsCertificate);
				parameters.setSSLParameters(ssl);
			}
		});
		server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		server.createContext("/", exchange -> {
			exchange.getRequestBody().readAllBytes();
			exchange.getResponseHeaders().set("WebHook-Allowed-Origin", "*");
			exchange.getResponseHeaders().set("Content-Type", "text/plain");
			boolean message = "message".equals(exchange.getRequestHeaders().getFirst("ce-eventName"));
			byte[] body = message ? "fine".getBytes(StandardCharsets.UTF_8) : new byte[0];
			exchange.sendResponseHeaders(message ? 200 : 204, message ? body.length : -1);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.start();
		return server;
	}

	private static int connectStatus(RunningHawser server) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake("/ws")).response().status();
		}
	}

	@Test
	void trustsTheCertificatesOfItsBundleAndShowsItsOwn() throws Exception {
		CertificateChain chain = CertificateChain.make();
		CertificateChain.Leaf leaf = chain.issue("CN=hawser");
		Files.writeString(folder.resolve("own.pem"), leaf.chainPem());
		Files.writeString(folder.resolve("own.key"), leaf.keyPem());
		HttpsServer backend = https(chain, true);
		String url = ENTRY + "url=https://localhost:" + backend.getAddress().getPort() + "/";
		try {
			try (RunningHawser server = RunningHawser.start(NoCallbacks.class, url, ENTRY + "ssl-bundle=backends",
					"spring.ssl.bundle.pem.backends.truststore.certificate=file:" + chain.rootPem(),
					"spring.ssl.bundle.pem.backends.keystore.certificate=file:" + folder.resolve("own.pem"),
					"spring.ssl.bundle.pem.backends.keystore.private-key=file:" + folder.resolve("own.key"));
					RawClient client = server.connect()) {
				assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			}
			try (RunningHawser server = RunningHawser.start(NoCallbacks.class, url, ENTRY + "retries=0", ENTRY + "handler-check=false",
					ENTRY + "ssl-bundle=backends",
					"spring.ssl.bundle.pem.backends.truststore.certificate=file:" + chain.rootPem())) {
				assertThat(connectStatus(server)).as("without a certificate of its own").isEqualTo(503);
			}
			try (RunningHawser server = RunningHawser.start(NoCallbacks.class, url, ENTRY + "retries=0", ENTRY + "handler-check=false")) {
				assertThat(connectStatus(server)).as("the JVM does not trust the backend's").isEqualTo(503);
			}
		}
		finally {
			backend.stop(0);
		}
	}

	@Test
	void refusesACertificateForAnotherName() throws Exception {
		CertificateChain chain = CertificateChain.make();
		HttpsServer backend = https(chain, false);
		String bundle = "spring.ssl.bundle.pem.backends.truststore.certificate=file:" + chain.rootPem();
		// a name that means this machine and is not in the certificate
		String host = "wrong.localhost";
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, bundle,
				ENTRY + "url=https://" + host + ":" + backend.getAddress().getPort() + "/", ENTRY + "retries=0",
				ENTRY + "handler-check=false", ENTRY + "ssl-bundle=backends")) {
			assertThat(connectStatus(server)).isEqualTo(503);
		}
		finally {
			backend.stop(0);
		}
	}

	/** A backend of HTTP/2 alone: each message counts {@code arrived} down, and its answer waits for {@code release}. */
	private static Server http2(CountDownLatch arrived, CountDownLatch release, Set<Object> connections) throws Exception {
		QueuedThreadPool threads = new QueuedThreadPool();
		threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
		Server server = new Server(threads);
		ServerConnector connector = new ServerConnector(server, new HTTP2CServerConnectionFactory(new HttpConfiguration()));
		connector.setHost("127.0.0.1");
		server.addConnector(connector);
		server.setHandler(new Handler.Abstract() {
			@Override
			public boolean handle(Request request, Response response, Callback callback) throws Exception {
				response.getHeaders().put("WebHook-Allowed-Origin", "*");
				connections.add(request.getConnectionMetaData().getConnection());
				if ("message".equals(request.getHeaders().get("ce-eventName"))) {
					String body = Content.Source.asString(request);
					arrived.countDown();
					release.await();
					response.getHeaders().put("Content-Type", "text/plain");
					Content.Sink.write(response, true, request.getConnectionMetaData().getHttpVersion() + " " + body, callback);
				}
				else {
					response.setStatus(204);
					callback.succeeded();
				}
				return true;
			}
		});
		server.start();
		return server;
	}

	@Test
	void callsManyTimesAtOnceOnFewConnectionsOfHttp2() throws Exception {
		int clients = 200;
		CountDownLatch arrived = new CountDownLatch(clients);
		CountDownLatch release = new CountDownLatch(1);
		Set<Object> connections = ConcurrentHashMap.newKeySet();
		Server backend = http2(arrived, release, connections);
		int port = ((ServerConnector) backend.getConnectors()[0]).getLocalPort();
		List<RawClient> all = new ArrayList<>();
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, ENTRY + "url=http://127.0.0.1:" + port + "/{event}",
				ENTRY + "http2=true", ENTRY + "timeout=60s")) {
			for (int i = 0; i < clients; i++) {
				all.add(server.connect());
			}
			for (RawClient client : all) {
				client.send(RawFrame.text("hi"));
			}
			assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();
			release.countDown();
			for (RawClient client : all) {
				assertThat(client.message().text()).isEqualTo("HTTP/2.0 hi");
			}
			assertThat(connections).as("few, with at most 64 calls on each").hasSizeBetween(4, 16);
		}
		finally {
			for (RawClient client : all) {
				client.close();
			}
			backend.stop();
		}
	}
}
