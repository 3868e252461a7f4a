package dev.hawser.push.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the push API.
 *
 * @param name    the operation's name in {@code openapi.yaml} and in metrics
 * @param method  the HTTP method
 * @param pattern the path below the hub; {@code {}} stands for a name
 * @param verb    what the caller's key must allow
 * @param action  carries the operation out
 * @param parameters names of the parameters in the query, besides {@code api-version}
 */
record Route(String name, String method, List<String> pattern, Verb verb, Action action, List<String> parameters) {
	private static final String ANY = "{}";

	static Route of(String name, String method, String pattern, Verb verb, Action action) {
		return new Route(name, method, List.of(pattern.split("/", -1)), verb, action, List.of());
	}

	/** The same operation, which takes these parameters as well. */
	Route with(String... more) {
		return new Route(name, method, pattern, verb, action, Stream.concat(parameters.stream(), Stream.of(more)).toList());
	}

	/** Carries out an operation. Runs on a virtual thread, which may block. */
	interface Action {
		/** @throws ApiException when it is refused */
		Answer answer(Call call);
	}

	/** The names in a path below the hub; null when the path is none of this route. */
	@Nullable
	List<String> names(List<String> below) {
		if (below.size() != pattern.size()) {
			return null;
		}
		List<String> names = new ArrayList<>(2);
		for (int i = 0; i < pattern.size(); i++) {
			if (pattern.get(i).equals(ANY)) {
				names.add(below.get(i));
			}
			else if (!pattern.get(i).equals(below.get(i))) {
				return null;
			}
		}
		return names;
	}
}
