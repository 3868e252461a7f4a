package dev.hawser.push.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the push API as a program in another language would, and checks each request and answer against {@code openapi.yaml}. */
final class ApiCaller implements AutoCloseable {
	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
	private final String server;
	private final String key;

	ApiCaller(int port, String key) {
		this.server = "http://localhost:" + port;
		this.key = key;
	}

	/** An answer. */
	record Answered(int status, HttpResponse<String> response) {
		String body() {
			return response.body();
		}

		@Nullable
		String header(String name) {
			return response.headers().firstValue(name).orElse(null);
		}

		JsonNode json() {
			return JsonMapper.shared().readTree(response.body());
		}

		/** The code of an error. */
		String code() {
			return json().path("code").asString();
		}

		/** The target of an error. */
		String target() {
			return json().path("target").asString();
		}

		@Override
		public String toString() {
			return status + " " + response.headers().map() + " " + response.body();
		}
	}

	/** A request without a body. */
	Answered call(String method, String path, String... headers) throws Exception {
		return call(method, path, new byte[0], headers);
	}

	/** A message to send as JSON. */
	Answered json(String method, String path, String body, String... headers) throws Exception {
		return typed(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
	}

	/** A message to send as text. */
	Answered text(String path, String body, String... headers) throws Exception {
		return typed("POST", path, "text/plain", body.getBytes(StandardCharsets.UTF_8), headers);
	}

	Answered typed(String method, String path, String type, byte[] body, String... headers) throws Exception {
		String[] all = new String[headers.length + 2];
		all[0] = "Content-Type";
		all[1] = type;
		System.arraycopy(headers, 0, all, 2, headers.length);
		return call(method, path, body, all);
	}

	/**
	 * @param path    with its query, below {@code /api}
	 * @param headers names and values, one after the other
	 */
	Answered call(String method, String path, byte[] body, String... headers) throws IOException, InterruptedException {
		String url = server + "/api" + path;
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMinutes(1))
				.method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
				.header("Authorization", PushTokens.header(key, url).substring("Authorization: ".length()));
		if (headers.length > 0) {
			request.headers(headers);
		}
		HttpRequest built = request.build();
		HttpResponse<String> response = http.send(built, BodyHandlers.ofString());
		OpenApi.check(built, body, response);
		return new Answered(response.statusCode(), response);
	}

	@Override
	public void close() {
		http.close();
	}
}
