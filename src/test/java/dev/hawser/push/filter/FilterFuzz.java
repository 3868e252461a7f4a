package dev.hawser.push.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fuzz target: any filter, as UTF-8. {@link Filter} must read it exactly when a naive reader does, which works out the value for one connection
 * while it reads, and must then find the same value; and it must refuse it at one of its characters, without any other exception.
 */
public final class FilterFuzz {
	private static final Pattern REFUSAL = Pattern.compile("The filter is wrong at character (\\d+): .+\\.", Pattern.DOTALL);
	private static final List<KnownCandidate> CANDIDATES = List.of(KnownCandidate.ANN, KnownCandidate.GUEST,
			new KnownCandidate("", "a", "b", Set.of("")));

	private FilterFuzz() {
	}

	/** Called by the fuzzer for each input. */
	public static void fuzzerTestOneInput(byte[] input) {
		check(input);
	}

	/** Checks one input, and returns whether it is a filter. */
	static boolean check(byte[] input) {
		String text = new String(input, StandardCharsets.UTF_8);
		Filter filter = parse(text);
		for (KnownCandidate candidate : CANDIDATES) {
			assertThat(filter == null ? null : filter.matches(candidate)).as(text).isEqualTo(new Naive(text, candidate).value());
		}
		return filter != null;
	}

	private static @Nullable Filter parse(String text) {
		try {
			return Filter.parse(text);
		}
		catch (InvalidFilterException e) {
			Matcher refusal = REFUSAL.matcher(String.valueOf(e.getMessage()));
			assertThat(refusal.matches()).as(e.getMessage()).isTrue();
			assertThat(Integer.parseInt(refusal.group(1))).isBetween(1, text.length() + 1);
			return null;
		}
	}

	/** Reads and evaluates at once. Values are boxed, and null is the value of a text or integer that is null. */
	private static final class Naive {
		private static final Pattern TOKEN = Pattern
				.compile("\\G[ \\t\\n\\r]*(?:([(),])|'((?:[^']|'')*)'|(-[0-9]*|[0-9]+)|([A-Za-z_][A-Za-z0-9_]*))");

		private enum Type {
			TEXT, INTEGER, TRUTH, GROUPS, NULL
		}

		private record Value(Type type, @Nullable Object value) {
		}

		/** The naive reader's refusal. */
		private static final class Refused extends RuntimeException {
			private static final long serialVersionUID = 1L;
		}

		private final String text;
		private final KnownCandidate candidate;
		private final Matcher matcher;
		private int at;
		private int depth;
		/** Group of the pattern that the current token matched: 1 sign, 2 text, 3 integer, 4 name, 0 the end. */
		private int kind;
		private String token = "";

		Naive(String text, KnownCandidate candidate) {
			this.text = text;
			this.candidate = candidate;
			this.matcher = TOKEN.matcher(text);
		}

		@Nullable
		Boolean value() {
			try {
				next();
				Value value = or();
				return kind == 0 ? truth(value) : null;
			}
			catch (Refused e) {
				return null;
			}
		}

		private void next() {
			if (text.substring(at).matches("[ \\t\\n\\r]*")) {
				kind = 0;
				token = "";
				return;
			}
			require(matcher.find(at));
			at = matcher.end();
			for (kind = 1; matcher.group(kind) == null; kind++) {
				// the group that matched
			}
			token = matcher.group(kind);
		}

		private static void require(boolean condition) {
			if (!condition) {
				throw new Refused();
			}
		}

		private void deeper() {
			require(++depth <= 100);
		}

		private boolean take(int wanted, String word) {
			boolean found = kind == wanted && token.equals(word);
			if (found) {
				next();
			}
			return found;
		}

		private Value or() {
			deeper();
			Value left = and();
			while (take(4, "or")) {
				boolean right = truth(and());
				left = new Value(Type.TRUTH, truth(left) || right);
			}
			depth--;
			return left;
		}

		private Value and() {
			Value left = comparison();
			while (take(4, "and")) {
				boolean right = truth(comparison());
				left = new Value(Type.TRUTH, truth(left) && right);
			}
			return left;
		}

		private Value comparison() {
			Value left = member();
			for (int links = 0; kind == 4 && token.matches("eq|ne|gt|ge|lt|le"); links++) {
				if (links > 0) {
					deeper();
				}
				String operator = token;
				next();
				left = new Value(Type.TRUTH, compare(operator, left, member()));
			}
			return left;
		}

		private static boolean compare(String operator, Value left, Value right) {
			if (operator.equals("eq") || operator.equals("ne")) {
				return operator.equals("eq") == equal(left, right);
			}
			Integer one = integer(left);
			Integer other = integer(right);
			if (one == null || other == null) {
				return false;
			}
			int order = one.compareTo(other);
			return switch (operator) {
				case "gt" -> order > 0;
				case "ge" -> order >= 0;
				case "lt" -> order < 0;
				default -> order <= 0;
			};
		}

		private static boolean equal(Value left, Value right) {
			require(left.type != Type.GROUPS && right.type != Type.GROUPS);
			require(left.type == right.type || left.type == Type.NULL || right.type == Type.NULL);
			return left.value == null ? right.value == null : left.value.equals(right.value);
		}

		private Value member() {
			Value left = operand();
			for (int links = 0; take(4, "in"); links++) {
				if (links > 0) {
					deeper();
				}
				boolean found = false;
				if (kind == 1 && token.equals("(")) {
					for (Value each : list()) {
						found |= equal(left, each);
					}
				}
				else {
					require(operand().type == Type.GROUPS);
					String name = string(left);
					found = name != null && candidate.isIn(name);
				}
				left = new Value(Type.TRUTH, found);
			}
			return left;
		}

		private List<Value> list() {
			List<Value> all = new ArrayList<>();
			require(take(1, "("));
			while (!(kind == 1 && token.equals(")"))) {
				require(all.isEmpty() || take(1, ","));
				all.add(or());
			}
			next();
			return all;
		}

		private Value operand() {
			String word = token;
			int found = kind;
			require(found != 0);
			if (found == 4 && word.equals("not")) {
				deeper();
				next();
				Value denied = new Value(Type.TRUTH, !truth(member()));
				depth--;
				return denied;
			}
			next();
			return switch (found) {
				case 1 -> parenthesis(word);
				case 2 -> new Value(Type.TEXT, word.replace("''", "'"));
				case 3 -> number(word);
				default -> kind == 1 && token.equals("(") ? function(word) : variable(word);
			};
		}

		private Value parenthesis(String word) {
			require(word.equals("("));
			Value value = or();
			require(take(1, ")"));
			return value;
		}

		private static Value number(String digits) {
			require(!digits.equals("-"));
			BigInteger value = new BigInteger(digits);
			require(value.bitLength() < 32);
			return new Value(Type.INTEGER, value.intValue());
		}

		private Value variable(String name) {
			if (name.equals("true") || name.equals("false")) {
				return new Value(Type.TRUTH, Boolean.valueOf(name));
			}
			if (name.equals("null")) {
				return new Value(Type.NULL, null);
			}
			return switch (name.toLowerCase(Locale.ROOT)) {
				case "userid" -> new Value(Type.TEXT, candidate.userId());
				case "connectionid" -> new Value(Type.TEXT, candidate.connectionId());
				case "protocol" -> new Value(Type.TEXT, candidate.protocol());
				case "groups" -> new Value(Type.GROUPS, null);
				default -> throw new Refused();
			};
		}

		private Value function(String name) {
			List<Value> given = list();
			int count = given.size();
			return switch (name) {
				case "length" -> length(given);
				case "tolower", "toupper", "trim" -> changed(name, given);
				case "startswith", "endswith", "contains", "indexof", "concat" -> {
					require(count == 2);
					yield ofTwo(name, string(given.getFirst()), string(given.get(1)));
				}
				case "substring" -> {
					require(count == 2 || count == 3);
					yield substring(string(given.getFirst()), integer(given.get(1)), count == 3, count == 3 ? integer(given.get(2)) : null);
				}
				default -> throw new Refused();
			};
		}

		private Value length(List<Value> given) {
			require(given.size() == 1);
			if (given.getFirst().type == Type.GROUPS) {
				return new Value(Type.INTEGER, candidate.groups());
			}
			String value = string(given.getFirst());
			return new Value(Type.INTEGER, value == null ? null : value.length());
		}

		private static Value changed(String name, List<Value> given) {
			require(given.size() == 1);
			String value = string(given.getFirst());
			return new Value(Type.TEXT, value == null ? null : switch (name) {
				case "tolower" -> value.toLowerCase(Locale.ROOT);
				case "toupper" -> value.toUpperCase(Locale.ROOT);
				default -> value.strip();
			});
		}

		private static Value ofTwo(String name, @Nullable String one, @Nullable String other) {
			if (one == null || other == null) {
				return switch (name) {
					case "indexof" -> new Value(Type.INTEGER, -1);
					case "concat" -> new Value(Type.TEXT, one == null ? other : one);
					default -> new Value(Type.TRUTH, false);
				};
			}
			return switch (name) {
				case "startswith" -> new Value(Type.TRUTH, one.startsWith(other));
				case "endswith" -> new Value(Type.TRUTH, one.endsWith(other));
				case "contains" -> new Value(Type.TRUTH, one.contains(other));
				case "indexof" -> new Value(Type.INTEGER, one.indexOf(other));
				default -> new Value(Type.TEXT, one + other);
			};
		}

		private static Value substring(@Nullable String value, @Nullable Integer from, boolean hasLength, @Nullable Integer length) {
			if (value == null || from == null || (hasLength && length == null) || from < 0 || from > value.length()) {
				return new Value(Type.TEXT, null);
			}
			if (length == null) {
				return new Value(Type.TEXT, value.substring(from));
			}
			return new Value(Type.TEXT, length < 0 || length > value.length() - from ? null : value.substring(from, from + length));
		}

		private static boolean truth(Value value) {
			require(value.type == Type.TRUTH);
			return Boolean.TRUE.equals(value.value);
		}

		private static @Nullable String string(Value value) {
			require(value.type == Type.TEXT || value.type == Type.NULL);
			return (String) value.value;
		}

		private static @Nullable Integer integer(Value value) {
			require(value.type == Type.INTEGER || value.type == Type.NULL);
			return (Integer) value.value;
		}
	}
}
