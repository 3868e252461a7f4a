package dev.hawser.application.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A WebSocket to a server, and why there is none. */
final class ClientSocket implements AutoCloseable {
	static final Duration PATIENCE = Duration.ofSeconds(20);

	private final HttpClient client;
	private final WebSocket socket;

	private ClientSocket(HttpClient client, WebSocket socket) {
		this.client = client;
		this.socket = socket;
	}

	/**
	 * What the handshake says.
	 *
	 * @param token        null for none
	 * @param subprotocols in the order of preference
	 * @param headers      more headers, such as {@code Origin}
	 */
	record Offer(URI url, @Nullable String token, List<String> subprotocols, Map<String, String> headers) {
	}

	/** @throws CommandFailure when there is no WebSocket */
	static ClientSocket open(Offer offer, WebSocket.Listener listener) throws InterruptedException {
		HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
		try {
			return new ClientSocket(client, answered(client.newWebSocketBuilder(), offer, listener));
		}
		catch (CommandFailure e) {
			client.shutdownNow();
			throw e;
		}
	}

	private static WebSocket answered(WebSocket.Builder builder, Offer offer, WebSocket.Listener listener) throws InterruptedException {
		try {
			offer.headers().forEach(builder::header);
			if (offer.token() != null) {
				builder.header("Authorization", "Bearer " + offer.token());
			}
			if (!offer.subprotocols().isEmpty()) {
				builder.subprotocols(offer.subprotocols().getFirst(),
						offer.subprotocols().subList(1, offer.subprotocols().size()).toArray(String[]::new));
			}
			CompletableFuture<WebSocket> socket = builder.connectTimeout(PATIENCE).buildAsync(offer.url(), listener);
			return socket.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (IllegalArgumentException e) {
			throw CommandFailure.wrongUsage("This is no handshake: " + e.getMessage());
		}
		catch (TimeoutException e) {
			throw CommandFailure.noAnswer("no answer within " + PATIENCE.toSeconds() + " s");
		}
		catch (ExecutionException e) {
			throw failure(e.getCause());
		}
	}

	private static CommandFailure failure(@Nullable Throwable cause) {
		return switch (cause) {
			case WebSocketHandshakeException refused -> refused(refused.getResponse());
			case ConnectException _ -> CommandFailure.noAnswer("nothing listens there");
			case IOException broken -> CommandFailure.noAnswer("no answer: " + broken);
			case IllegalArgumentException wrong -> CommandFailure.wrongUsage("This is no handshake: " + wrong.getMessage());
			case null, default -> CommandFailure.saidNo("no WebSocket: " + cause);
		};
	}

	/** With the reason that the server gives for programs, and its sentence for people. */
	private static CommandFailure refused(HttpResponse<?> response) {
		String reason = "";
		String detail = "";
		try {
			if (response.body() instanceof String body) {
				JsonNode problem = JsonMapper.shared().readTree(body);
				reason = problem.path("reason").asString("");
				detail = problem.path("detail").asString("");
			}
		}
		catch (JacksonException e) {
			// the body of another server, which is not shown
		}
		return CommandFailure.saidNo("refused with " + response.statusCode() + (reason.isEmpty() ? "" : " (" + reason + ')')
				+ (detail.isEmpty() ? "" : ": " + detail));
	}

	WebSocket socket() {
		return socket;
	}

	/** Milliseconds since this reading of {@link System#nanoTime}. */
	static String since(long start) {
		return String.format(Locale.ROOT, "%.1f ms", (System.nanoTime() - start) / 1e6);
	}

	@Override
	public void close() {
		socket.abort();
		client.shutdownNow();
	}
}
