package dev.hawser.application.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to one server, one after the other. */
final class HttpCalls implements AutoCloseable {
	private static final Duration PATIENCE = Duration.ofSeconds(30);
	private static final JsonMapper JSON = JsonMapper.shared();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
	private final String server;

	/** @param server the URL that paths are appended to, without a slash at its end */
	HttpCalls(String server) {
		this.server = server;
	}

	/**
	 * What is sent.
	 *
	 * @param target the path, with its query
	 * @param token  for {@code Authorization: Bearer}; null for none
	 * @param type   of the body; null for no body
	 */
	record Call(String method, String target, @Nullable String token, @Nullable String type, byte[] body) {
		static Call of(String method, String target, @Nullable String token) {
			return new Call(method, target, token, null, new byte[0]);
		}

		static Call json(String method, String target, @Nullable String token, Object body) {
			return new Call(method, target, token, "application/json", JSON.writeValueAsBytes(body));
		}
	}

	/** An answer of a server that did what it was asked for. */
	record Answer(HttpResponse<String> response) {
		/** The body; a missing node when it is no JSON. */
		JsonNode json() {
			try {
				return JSON.readTree(response.body());
			}
			catch (JacksonException e) {
				return JSON.missingNode();
			}
		}

		@Nullable
		String header(String name) {
			return response.headers().firstValue(name).orElse(null);
		}
	}

	/** @throws CommandFailure when the server refuses, or does not answer */
	Answer send(Call call) throws InterruptedException {
		Answer answer = new Answer(exchange(request(call)));
		int status = answer.response().statusCode();
		if (status < 200 || status > 299) {
			throw CommandFailure.saidNo("Refused with " + status + explained(answer.json()));
		}
		return answer;
	}

	private HttpRequest request(Call call) {
		try {
			HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + call.target())).timeout(PATIENCE)
					.method(call.method(), BodyPublishers.ofByteArray(call.body()));
			if (call.token() != null) {
				request.header("Authorization", "Bearer " + call.token());
			}
			if (call.type() != null) {
				request.header("Content-Type", call.type());
			}
			return request.build();
		}
		catch (IllegalArgumentException e) {
			throw CommandFailure
					.wrongUsage("'" + server + "' is no http or https URL of a server, or the key has characters that no header may"
							+ " have.");
		}
	}

	private HttpResponse<String> exchange(HttpRequest request) throws InterruptedException {
		try {
			return client.send(request, BodyHandlers.ofString());
		}
		catch (HttpTimeoutException e) {
			throw CommandFailure.noAnswer(server + " does not answer within " + PATIENCE.toSeconds() + " s.");
		}
		catch (SSLException e) {
			throw CommandFailure.noAnswer("There is no trusted TLS at " + server + ": " + e.getMessage()
					+ ". Name a trust store with java -Djavax.net.ssl.trustStore=FILE -jar ...");
		}
		catch (IOException e) {
			throw CommandFailure.noAnswer("There is no answer from " + server + ": is the server running there? --url names another one.");
		}
	}

	/** The sentence of an error of the operations, of the push API, or of Spring. */
	private static String explained(JsonNode body) {
		for (String field : new String[] { "detail", "message", "error" }) {
			String sentence = body.path(field).asString("");
			if (!sentence.isEmpty()) {
				return ": " + sentence;
			}
		}
		return ".";
	}

	@Override
	public void close() {
		client.shutdownNow();
	}
}
