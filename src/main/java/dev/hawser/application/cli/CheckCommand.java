package dev.hawser.application.cli;

import dev.hawser.token.DevelopmentToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A small program beside the server. It opens one WebSocket with a token, closes it, and exits with 0 when the server has answered
 * both. {@code helm test} runs it from the server's image, which has no other client.
 *
 * <p>The token is read from {@code HAWSER_TEST_TOKEN}, or made with the key in {@code HAWSER_HANDSHAKE_TOKEN_SECRET}. Without these
 * two variables the program connects without a token.
 */
final class CheckCommand {
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private CheckCommand() {
	}

	/** @param arguments the URL, {@code ws://host:port/path} */
	public static void main(String[] arguments) throws InterruptedException {
		if (arguments.length != 1) {
			System.err.println("One argument is needed: the URL of the WebSocket, such as ws://localhost:9501/ws");
			System.exit(2);
		}
		String outcome = check(URI.create(arguments[0]), token(System.getenv()));
		System.out.println(arguments[0] + ": " + outcome);
		System.exit(outcome.equals(GOOD) ? 0 : 1);
	}

	/** The result for a server that works. */
	static final String GOOD = "upgraded, and closed in good order";

	static @Nullable String token(Map<String, String> environment) {
		String secret = environment.get("HAWSER_HANDSHAKE_TOKEN_SECRET");
		if (environment.containsKey("HAWSER_TEST_TOKEN") || secret == null) {
			return environment.get("HAWSER_TEST_TOKEN");
		}
		String audience = environment.getOrDefault("HAWSER_HANDSHAKE_TOKEN_AUDIENCE", "hawser");
		// The server reads the key from a file and drops the line break of a file with a single line.
		List<String> lines = secret.lines().toList();
		return DevelopmentToken.mint(lines.size() == 1 ? lines.getFirst() : secret, List.of(audience.split(",")));
	}

	/** Opens and closes one connection, and returns the result in a few words. */
	static String check(URI url, @Nullable String token) throws InterruptedException {
		try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
			WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(PATIENCE);
			if (token != null) {
				builder.header("Authorization", "Bearer " + token);
			}
			Closed closed = new Closed();
			WebSocket socket = builder.buildAsync(url, closed).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			try {
				// fails if the server has closed first, which is reported below
				socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(_ -> socket).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
				int code = closed.code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
				return code == WebSocket.NORMAL_CLOSURE ? GOOD : "upgraded, but closed with " + code;
			}
			finally {
				socket.abort();
			}
		}
		catch (TimeoutException e) {
			return "no answer within " + PATIENCE.toSeconds() + " s";
		}
		catch (ExecutionException e) {
			return reason(e.getCause());
		}
	}

	private static String reason(@Nullable Throwable cause) {
		if (!(cause instanceof WebSocketHandshakeException refused)) {
			return String.valueOf(cause);
		}
		int status = refused.getResponse().statusCode();
		return "refused with " + status
				+ (status == 401 ? ": name the server's key in existingSecret, or a token in test.tokenSecret" : "");
	}

	/** Records how the connection ends. */
	private static final class Closed implements WebSocket.Listener {
		private final CompletableFuture<Integer> code = new CompletableFuture<>();

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
			code.complete(status);
			return null;
		}

		@Override
		public void onError(WebSocket socket, Throwable error) {
			code.completeExceptionally(error);
		}
	}
}
