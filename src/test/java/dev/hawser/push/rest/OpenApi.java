package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks requests and answers against {@code openapi.yaml}. */
final class OpenApi {
	static final JsonNode DOCUMENT = read();
	private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");
	private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

	private OpenApi() {
	}

	private static JsonNode read() {
		try (InputStream file = Objects.requireNonNull(OpenApi.class.getResourceAsStream("/openapi.yaml"))) {
			Map<String, Object> document = new Yaml().load(file);
			return JsonMapper.shared().valueToTree(document);
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** All operations, as {@code METHOD path}. */
	static Set<String> operations() {
		Set<String> operations = new TreeSet<>();
		DOCUMENT.path("paths").properties().forEach(path -> path.getValue().properties().stream()
				.filter(method -> METHODS.contains(method.getKey()))
				.forEach(method -> operations.add(method.getKey() + ' ' + path.getKey())));
		return operations;
	}

	/**
	 * Checks one exchange. A request that was refused may be wrong in any way; one that was carried out must be as described, and every answer
	 * must be.
	 */
	static void check(HttpRequest request, byte[] body, HttpResponse<String> response) {
		JsonNode path = path(request.uri().getRawPath());
		JsonNode operation = path == null ? null : path.get(request.method().toLowerCase(Locale.ROOT));
		if (path == null || operation == null) {
			assertThat(response.statusCode()).as(request.toString()).isIn(400, 401, 403, 404, 405);
			return;
		}
		if (response.statusCode() < 300) {
			checkQuery(request, path, operation);
			if (!response.body().contains("\"error\":")) { // a batch, of which a part was refused
				checkBody(request, body, operation);
			}
		}
		JsonNode described = operation.path("responses").path(Integer.toString(response.statusCode()));
		assertThat(described.isMissingNode()).as("%s answered with %s, which is not described", request, response.statusCode()).isFalse();
		checkAnswer(request, response, resolved(described));
	}

	private static @Nullable JsonNode path(String rawPath) {
		for (Map.Entry<String, JsonNode> each : DOCUMENT.path("paths").properties()) {
			String pattern = Stream.of(each.getKey().split("(?=\\{)|(?<=})", -1))
					.map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part)).reduce("", String::concat);
			if (rawPath.matches(pattern)) {
				return each.getValue();
			}
		}
		return null;
	}

	/** Follows a reference to another part of the document. */
	private static JsonNode resolved(JsonNode node) {
		JsonNode reference = node.get("$ref");
		return reference == null ? node : DOCUMENT.at(reference.asString().substring(1));
	}

	private static void checkQuery(HttpRequest request, JsonNode path, JsonNode operation) {
		List<JsonNode> parameters = new ArrayList<>();
		path.path("parameters").forEach(each -> parameters.add(resolved(each)));
		operation.path("parameters").forEach(each -> parameters.add(resolved(each)));
		String query = request.uri().getRawQuery();
		for (String given : query == null ? new String[0] : query.split("&", -1)) {
			String name = given.substring(0, given.indexOf('='));
			String value = Objects.requireNonNull(ApiPath.decoded(given.substring(name.length() + 1).replace('+', ' ')));
			JsonNode parameter = parameters.stream()
					.filter(each -> each.path("name").asString().equals(name) && each.path("in").asString().equals("query")).findFirst()
					.orElseThrow(() -> new AssertionError(request + " has a parameter that is not described: " + name));
			JsonNode schema = parameter.path("schema");
			String type = schema.path("type").asString();
			JsonNode typed = JsonMapper.shared().valueToTree(type.equals("integer") ? Integer.valueOf(value)
					: type.equals("array") ? List.of(value) : value);
			assertValid(schema, typed, request + " parameter " + name);
		}
	}

	private static void checkBody(HttpRequest request, byte[] body, JsonNode operation) {
		if (!operation.has("requestBody")) {
			return;
		}
		String type = request.headers().firstValue("Content-Type").orElseThrow();
		JsonNode described = resolved(operation.path("requestBody")).path("content")
				.path(type.replaceAll(";.*", "").toLowerCase(Locale.ROOT));
		assertThat(described.isMissingNode()).as("%s has a Content-Type that is not described: %s", request, type).isFalse();
		if (type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
			assertValid(described.path("schema"), JsonMapper.shared().readTree(body), request + " body");
		}
	}

	private static void checkAnswer(HttpRequest request, HttpResponse<String> response, JsonNode described) {
		described.path("headers").properties().forEach(header -> {
			String value = response.headers().firstValue(header.getKey()).orElse(null);
			assertThat(value != null || !header.getValue().path("required").asBoolean(false)).as("%s: %s", request, header.getKey())
					.isTrue();
			if (value != null) {
				assertValid(resolved(header.getValue()).path("schema"), JsonMapper.shared().valueToTree(value), header.getKey());
			}
		});
		if (!described.has("content") || request.method().equals("HEAD")) {
			assertThat(response.body()).as(request.toString()).isEmpty();
			return;
		}
		String type = response.headers().firstValue("Content-Type").orElseThrow();
		JsonNode content = described.path("content").path(type);
		assertThat(content.isMissingNode()).as("%s answered with %s, which is not described", request, type).isFalse();
		assertValid(content.path("schema"), JsonMapper.shared().readTree(response.body()), request + " answer " + response.body());
	}

	/** References in a schema are to parts of the document, which is therefore put beside it. */
	private static void assertValid(JsonNode schema, JsonNode value, String what) {
		ObjectNode whole = JsonMapper.shared().createObjectNode();
		whole.setAll((ObjectNode) schema.deepCopy());
		whole.set("components", DOCUMENT.path("components"));
		Schema compiled = SCHEMAS.getSchema(whole);
		assertThat(compiled.validate(value)).as(what).isEmpty();
	}
}
