package dev.hawser.testing;

import dev.hawser.application.HawserApplication;
import dev.hawser.token.DevelopmentToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole server on a free port, with the callbacks that a test declares. */
public final class RunningHawser implements AutoCloseable {
	/** The signing secret of every test server. */
	public static final String SECRET = "test-secret-test-secret-test-secret-0123456789";

	private static final Map<List<String>, RunningHawser> SHARED = new HashMap<>();

	private final ConfigurableApplicationContext context;

	private RunningHawser(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Starts a server that needs no token.
	 *
	 * @param callbacks a plain class with {@code @Bean} methods (no {@code @Configuration}: it would be found by every test)
	 */
	public static RunningHawser start(Class<?> callbacks, String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.handshake.token.required=false"));
		all.addAll(List.of(properties));
		return startSecure(callbacks, all.toArray(String[]::new));
	}

	/**
	 * A server as {@link #start} starts it, for every test class that asks for the same one; it runs until the JVM ends, and is never
	 * closed by a test. It is for tests that look at their own connections only: those of other classes come and go at the same time.
	 */
	public static synchronized RunningHawser shared(Class<?> callbacks, String... properties) {
		List<String> key = new ArrayList<>(List.of(callbacks.getName()));
		key.addAll(List.of(properties));
		return SHARED.computeIfAbsent(key, _ -> start(callbacks, properties));
	}

	/** Starts a server that needs a token signed with {@link #SECRET}. */
	public static RunningHawser startSecure(Class<?> callbacks, String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.handshake.token.secret=" + SECRET));
		all.addAll(List.of(properties));
		return startAsConfigured(callbacks, all.toArray(String[]::new));
	}

	/** Starts a server with nothing configured but what is given. */
	public static RunningHawser startAsConfigured(Class<?> callbacks, String... properties) {
		Map<String, String> arguments = new LinkedHashMap<>(Map.of("server.port", "0", "management.server.port", "0",
				"hawser.node", "test"));
		for (String property : properties) {
			int equals = property.indexOf('=');
			arguments.put(property.substring(0, equals), property.substring(equals + 1));
		}
		if ("0".equals(arguments.get("management.server.port"))) { // a port of its own, which may have an address of its own
			arguments.put("management.server.address", "127.0.0.1");
		}
		return new RunningHawser(new SpringApplicationBuilder(HawserApplication.class, callbacks)
				.properties("hawser.callbacks.echo=true", "server.address=127.0.0.1", "hawser.drain.window=0s", "hawser.drain.timeout=10s",
						"hawser.request.timeout=10m",
						"server.jetty.connection-idle-timeout=10m", "hawser.connection.ping-interval=10m") // a slow test is no attack
				.run(arguments.entrySet().stream().map(one -> "--" + one.getKey() + "=" + one.getValue()).toArray(String[]::new)));
	}

	public int port() {
		return webServer().getPort();
	}

	/** The server's port for WebSockets. */
	public WebServer webServer() {
		return Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer());
	}

	/** The port on which Actuator answers. */
	public int operationsPort() {
		return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
	}

	public String url() {
		return "ws://localhost:" + port() + "/ws";
	}

	/** A valid token of the user {@code developer}. */
	public static String token() {
		return DevelopmentToken.mint(SECRET, List.of("hawser"));
	}

	public <T> T bean(Class<T> type) {
		return context.getBean(type);
	}

	public ConfigurableApplicationContext context() {
		return context;
	}

	/** A raw client with an established WebSocket at {@code /ws}. */
	public RawClient connect() throws IOException {
		return RawClient.connect(port()).upgrade("/ws");
	}

	@Override
	public void close() {
		context.close();
	}
}
