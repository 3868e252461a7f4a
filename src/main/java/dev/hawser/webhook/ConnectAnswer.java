package dev.hawser.webhook;

import dev.hawser.api.HandshakeResponse;
import dev.hawser.webhook.NoAnswerException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A backend's answer to {@code connect}. A status of 2xx accepts; what its body names is set, all else stays as the token has it:
 *
 * <pre>
 *  {"userId":"alice","groups":["room-1"],"roles":["webpubsub.sendToGroup"],"subprotocol":"chat.v1"}
 * </pre>
 *
 * Groups replace those that the token names unless there are none; roles do so even when there are none.
 *
 * <p>Any other status refuses, and goes to the client with its body.
 */
record ConnectAnswer(@Nullable String userId, List<String> groups, @Nullable List<String> roles, @Nullable String subprotocol) {
	private static final JsonMapper JSON = JsonMapper.shared();
	private static final ConnectAnswer NOTHING = new ConnectAnswer(null, List.of(), null, null);
	/** Headers of a refusal that the client needs to understand it. */
	private static final Set<String> PASSED_ON = Set.of("Content-Type", "Content-Encoding", "WWW-Authenticate", "Retry-After", "Location");

	/** Answers the handshake as the backend has refused it. */
	static void refuse(Answer answer, HandshakeResponse response) {
		response.status(answer.status());
		PASSED_ON.forEach(name -> answer.headers().getValuesList(name).forEach(value -> response.header(name, value)));
		response.end(answer.body());
	}

	/**
	 * Does what an answer that accepts the handshake says about it, apart from accepting it.
	 *
	 * @throws NoAnswerException when the answer is not what the contract allows, or chooses what it may not choose
	 */
	static void apply(Answer answer, HandshakeResponse response) throws NoAnswerException {
		answer.requireReadable();
		of(answer).apply(response);
	}

	private static ConnectAnswer of(Answer answer) throws NoAnswerException {
		if (answer.body().length == 0) {
			return NOTHING;
		}
		JsonNode json = read(answer.body());
		if (json.isNull()) {
			return NOTHING;
		}
		if (!json.isObject()) {
			throw invalid("is no JSON object");
		}
		return new ConnectAnswer(text(json, "userId"), texts(json, "groups"), isThere(json, "roles") ? texts(json, "roles") : null,
				text(json, "subprotocol"));
	}

	private static JsonNode read(byte[] body) throws NoAnswerException {
		try {
			return JSON.readTree(body);
		}
		catch (JacksonException e) {
			throw invalid("is no JSON");
		}
	}

	private static boolean isThere(JsonNode json, String name) {
		JsonNode value = json.path(name);
		return !value.isMissingNode() && !value.isNull();
	}

	private static @Nullable String text(JsonNode json, String name) throws NoAnswerException {
		JsonNode value = json.path(name);
		if (value.isMissingNode() || value.isNull()) {
			return null;
		}
		if (!value.isString()) {
			throw invalid("has a '" + name + "' that is no text");
		}
		return value.asString();
	}

	private static List<String> texts(JsonNode json, String name) throws NoAnswerException {
		JsonNode value = json.path(name);
		List<String> texts = new ArrayList<>();
		if (value.isMissingNode() || value.isNull()) {
			return texts;
		}
		for (JsonNode element : value.isArray() ? value : JSON.createArrayNode().add(value)) {
			if (!element.isString()) {
				throw invalid("has '" + name + "' that are no list of texts");
			}
			texts.add(element.asString());
		}
		return texts;
	}

	private void apply(HandshakeResponse response) throws NoAnswerException {
		try {
			if (userId != null) {
				response.user(userId);
			}
			if (subprotocol != null && !subprotocol.isEmpty()) {
				response.subprotocol(subprotocol);
			}
			if (!groups.isEmpty()) {
				response.withoutTokenGroups().groups(groups);
			}
			if (roles != null) {
				response.withoutTokenRoles().roles(roles);
			}
		}
		catch (IllegalArgumentException e) {
			throw invalid("chooses a subprotocol that the client did not offer, or a name that no user, group or role can have");
		}
	}

	private static NoAnswerException invalid(String what) {
		return new NoAnswerException(Reason.INVALID, "its answer to connect " + what);
	}
}
