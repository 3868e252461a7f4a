package dev.hawser.push.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/**
 * Sends many messages with one request, in their order, and answers with a result for each:
 *
 * <pre>
 *  {"pushes":[{"user":"ann","data":{"a":1}}, {"group":"news","dataType":"text","data":"hello"}]}
 *  {"results":[{"delivery":"delivered; connections=1"}, {"error":{"code":"InvalidBody","message":"…","target":"pushes[1].data"}}]}
 * </pre>
 */
final class Batches {
	private static final List<String> TARGETS = List.of("connection", "user", "group", "all");
	private static final List<String> FIELDS = Stream
			.concat(TARGETS.stream(), Stream.of("excluded", "filter", "ttlSeconds", "dataType", "data", "metadata")).toList();

	private final Clients clients;

	Batches(Clients clients) {
		this.clients = clients;
	}

	List<Route> routes() {
		return List.of(Route.of("sendBatch", "POST", "hawser/batch", Verb.SEND, call -> {
			MessageBody.requireJson(call);
			List<JsonNode> pushes = JsonFields.of(call.body()).only(List.of("pushes")).list("pushes", 1, call.settings().mostInBatch());
			requireWithinQuota(call.caller(), pushes.size());
			if (!call.caller().take(pushes.size() - 1)) {
				throw new ApiException(
						new ApiError(429, "TooManyRequests", "A batch counts as one request for each of its messages, and this key"
								+ " has not as many left in this second: send fewer, or raise requests-per-second of the key.", null),
						Map.of("Retry-After", "1"));
			}
			List<Result> results = new ArrayList<>(pushes.size());
			for (int i = 0; i < pushes.size(); i++) {
				results.add(result(call, pushes.get(i), "pushes[" + i + ']'));
			}
			return Answer.json(new Results(results));
		}));
	}

	/** A batch that is larger than the quota would be refused at every time. */
	private static void requireWithinQuota(PushKey caller, int pushes) {
		int most = caller.settings().requestsPerSecond();
		if (most > 0 && pushes > most) {
			throw new ApiException(413, "PayloadTooLarge", "A batch counts as one request for each of its messages, and this key may make "
					+ most + " in a second: send at most " + most + " messages in a batch, or raise requests-per-second of the key.",
					"pushes");
		}
	}

	private record Results(@JsonProperty List<Result> results) {
	}

	/** What became of one message: what is known of its delivery, or why it was refused. */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	private record Result(@JsonProperty @Nullable String delivery, @JsonProperty ApiError.@Nullable Body error) {
	}

	private Result result(Call call, JsonNode push, String at) {
		try {
			return new Result(Answer.text(send(call, JsonFields.of(push, at).only(FIELDS))), null);
		}
		catch (ApiException e) {
			return new Result(null, e.error().body());
		}
	}

	private Delivery send(Call call, JsonFields push) {
		Target target = target(call, push);
		int seconds = push.integer("ttlSeconds", 0, 0, Sends.LONGEST_TTL);
		Frame message = message(push);
		return Sends.send(clients, target, message, seconds, push.path("data"));
	}

	private static Target target(Call call, JsonFields push) {
		List<String> named = TARGETS.stream().filter(each -> push.value(each) != null).toList();
		if (named.size() != 1) {
			throw new ApiException(400, "InvalidBody", "Each push needs exactly one of connection, user, group and all.",
					push.path("user"));
		}
		String field = named.getFirst();
		if (field.equals("all")) {
			if (!BooleanNode.TRUE.equals(push.value(field))) {
				throw new ApiException(400, "InvalidBody", "'all' must be true.", push.path(field));
			}
			return narrowed(Target.hub(call.hub()), push);
		}
		String name = push.text(field);
		if (name == null || name.isEmpty()) {
			throw new ApiException(400, "InvalidBody", "'" + field + "' must not be empty.", push.path(field));
		}
		return switch (field) {
			case "connection" -> Target.connection(call.hub(), name);
			case "user" -> narrowed(Target.user(call.hub(), Call.user(name, push.path(field))), push);
			default -> narrowed(Target.group(call.hub(), call.group(name, push.path(field))), push);
		};
	}

	private static Target narrowed(Target.Several target, JsonFields push) {
		List<String> excluded = push.texts("excluded");
		return Call.filtered(excluded.isEmpty() ? target : target.except(excluded), push.text("filter"));
	}

	private static Frame message(JsonFields push) {
		if (!push.has("data")) {
			throw new ApiException(400, "InvalidBody", "'data' is missing: give the message, or null for the JSON null.",
					push.path("data"));
		}
		JsonNode value = push.value("data");
		String type = push.text("dataType");
		Frame message = switch (type == null ? "json" : type) {
			case "json" -> Frame.json(value == null ? "null" : value.toString());
			case "text" -> Frame.text(text(value, push));
			case "binary" -> Frame.binary(bytes(text(value, push), push));
			default -> throw new ApiException(400, "InvalidBody", "'dataType' is json, text or binary.", push.path("dataType"));
		};
		Map<String, String> metadata = metadata(push);
		try {
			return metadata.isEmpty() ? message : message.withMetadata(metadata);
		}
		catch (IllegalArgumentException e) {
			throw ApiException.invalid(push.path("metadata"), String.valueOf(e.getMessage()));
		}
	}

	private static String text(@Nullable JsonNode value, JsonFields push) {
		if (value == null) {
			throw new ApiException(400, "InvalidBody", "'data' of this type must be text.", push.path("data"));
		}
		return JsonFields.text(value, push.path("data"));
	}

	private static byte[] bytes(String base64, JsonFields push) {
		try {
			return Base64.getDecoder().decode(base64);
		}
		catch (IllegalArgumentException e) {
			throw new ApiException(400, "InvalidBody", "'data' of the type binary must be base64.", push.path("data"));
		}
	}

	private static Map<String, String> metadata(JsonFields push) {
		JsonNode value = push.value("metadata");
		if (value == null) {
			return Map.of();
		}
		String field = push.path("metadata");
		JsonFields entries = JsonFields.of(value, field);
		Map<String, String> metadata = new TreeMap<>();
		value.properties().forEach(entry -> {
			String name = entries.path(entry.getKey());
			if (metadata.put(entry.getKey().toLowerCase(Locale.ROOT), JsonFields.text(entry.getValue(), name)) != null) {
				throw ApiException.invalid(field, "Two names in metadata differ in upper and lower case only.");
			}
		});
		return metadata;
	}
}
