package dev.hawser.push.filter;

import dev.hawser.push.filter.Functions.Argument;
import dev.hawser.push.filter.Term.Groups;
import dev.hawser.push.filter.Term.Null;
import dev.hawser.push.filter.Term.Text;
import dev.hawser.push.filter.Term.Truth;
import dev.hawser.push.filter.Term.Whole;
import dev.hawser.push.filter.Tokens.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a filter by recursive descent: one method for each rule of the grammar at {@link Filter}. */
final class Parser {
	/** Parts within parts. Reading and asking a filter needs some stack for each. */
	private static final int DEEPEST = 100;
	private static final Set<String> COMPARISONS = Set.of("eq", "ne", "gt", "ge", "lt", "le");

	private final Tokens tokens;
	private int depth;

	Parser(String filter) {
		this.tokens = new Tokens(filter);
	}

	Condition filter() {
		Argument whole = or();
		if (tokens.kind() != Kind.END) {
			throw wrong("here one of 'and', 'or', 'eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in' or the end is needed.");
		}
		return condition(whole);
	}

	private Argument or() {
		deeper();
		Argument first = and();
		if (tokens.is("or")) {
			Condition[] any = several("or", first);
			first = new Argument(new Truth(candidate -> {
				for (Condition each : any) {
					if (each.of(candidate)) {
						return true;
					}
				}
				return false;
			}), first.position());
		}
		depth--;
		return first;
	}

	private Argument and() {
		Argument first = comparison();
		if (!tokens.is("and")) {
			return first;
		}
		Condition[] all = several("and", first);
		return new Argument(new Truth(candidate -> {
			for (Condition each : all) {
				if (!each.of(candidate)) {
					return false;
				}
			}
			return true;
		}), first.position());
	}

	/** Conditions with the same operator between them: however many there are, none is within another. */
	private Condition[] several(String operator, Argument first) {
		List<Condition> conditions = new ArrayList<>(List.of(condition(first)));
		while (tokens.is(operator)) {
			tokens.advance();
			conditions.add(condition(operator.equals("or") ? and() : comparison()));
		}
		return conditions.toArray(Condition[]::new);
	}

	private Argument comparison() {
		Argument left = member();
		for (int links = 0; tokens.kind() == Kind.NAME && COMPARISONS.contains(tokens.value()); links++) {
			linked(links);
			int position = tokens.position();
			String operator = tokens.value();
			tokens.advance();
			left = new Argument(new Truth(compared(operator, left, member(), position)), left.position());
		}
		return left;
	}

	private static Condition compared(String operator, Argument left, Argument right, int position) {
		if (!operator.equals("eq") && !operator.equals("ne")) {
			return Comparison.order(operator, left.whole(), right.whole());
		}
		Condition equal = equality(left, right, position);
		return operator.equals("eq") ? equal : candidate -> !equal.of(candidate);
	}

	private static Condition equality(Argument left, Argument right, int position) {
		Condition equal = Comparison.equality(left.term(), right.term());
		if (equal == null) {
			throw new InvalidFilterException(position, left.term() instanceof Groups || right.term() instanceof Groups
					? "groups cannot be compared. Write 'name' in groups."
					: left.term().type() + " cannot be compared with " + right.term().type() + ".");
		}
		return equal;
	}

	private Argument member() {
		Argument left = operand();
		for (int links = 0; tokens.is("in"); links++) {
			linked(links);
			int position = tokens.position();
			tokens.advance();
			left = new Argument(new Truth(in(left, position)), left.position());
		}
		return left;
	}

	private Condition in(Argument left, int position) {
		if (tokens.kind() == Kind.OPEN) {
			List<Argument> list = list();
			Condition[] equal = list.stream().map(each -> equality(left, each, position)).toArray(Condition[]::new);
			return candidate -> {
				for (Condition each : equal) {
					if (each.of(candidate)) {
						return true;
					}
				}
				return false;
			};
		}
		Argument right = operand();
		if (!(right.term() instanceof Groups)) {
			throw new InvalidFilterException(right.position(), "after 'in', 'groups' or a list in parentheses is needed.");
		}
		Term.TextOf name = left.text();
		return candidate -> {
			String group = name.of(candidate);
			return group != null && candidate.isIn(group);
		};
	}

	private Argument operand() {
		int position = tokens.position();
		return switch (tokens.kind()) {
			case NAME -> name(position);
			case TEXT -> literal(Text.constant(tokens.value()));
			case INTEGER -> literal(integer());
			case OPEN -> {
				tokens.advance();
				Argument within = or();
				require(Kind.CLOSE, "a ')' is needed here.");
				yield new Argument(within.term(), position);
			}
			case CLOSE, COMMA, END ->
				throw wrong(
						"userId, connectionId, groups, protocol, a function, a text in quotes, an integer, null or '(' is needed here.");
		};
	}

	private Argument name(int position) {
		String name = tokens.value();
		if (name.equals("not")) {
			deeper();
			tokens.advance();
			Condition denied = condition(member());
			depth--;
			return new Argument(new Truth(candidate -> !denied.of(candidate)), position);
		}
		tokens.advance();
		if (tokens.kind() == Kind.OPEN) {
			return new Argument(Functions.call(name, list(), position), position);
		}
		return new Argument(variable(name, position), position);
	}

	private static Term variable(String name, int position) {
		return switch (name) {
			case "null" -> new Null();
			case "true" -> new Truth(_ -> true);
			case "false" -> new Truth(_ -> false);
			case String _ when name.equalsIgnoreCase("userId") -> new Text(Candidate::userId);
			case String _ when name.equalsIgnoreCase("connectionId") -> new Text(Candidate::connectionId, null, true);
			case String _ when name.equalsIgnoreCase("protocol") -> new Text(Candidate::protocol);
			case String _ when name.equalsIgnoreCase("groups") -> new Groups();
			default -> throw new InvalidFilterException(position, "this name is unknown. There are userId, connectionId, groups and"
					+ " protocol; a text stands in single quotes, and operators are in small letters.");
		};
	}

	/** What stands in parentheses, with commas between; may be empty. */
	private List<Argument> list() {
		require(Kind.OPEN, "a '(' is needed here.");
		List<Argument> list = new ArrayList<>();
		while (tokens.kind() != Kind.CLOSE) {
			if (!list.isEmpty()) {
				require(Kind.COMMA, "a ',' or a ')' is needed here.");
			}
			list.add(or());
		}
		tokens.advance();
		return list;
	}

	private Argument literal(Term term) {
		int position = tokens.position();
		tokens.advance();
		return new Argument(term, position);
	}

	private Term integer() {
		try {
			long value = Integer.parseInt(tokens.value());
			return new Whole(_ -> value);
		}
		catch (NumberFormatException e) {
			throw wrong("an integer is needed here, from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE + ".");
		}
	}

	private static Condition condition(Argument argument) {
		if (argument.term() instanceof Truth truth) {
			return truth.of();
		}
		throw new InvalidFilterException(argument.position(), "a condition is needed here, and not " + argument.term().type()
				+ ". Compare it with eq, for example, and put a comparison after 'not' in parentheses.");
	}

	/** A comparison of a comparison's result has that one within it. No such step is ever given back, since they add up on the left. */
	private void linked(int before) {
		if (before > 0) {
			deeper();
		}
	}

	private void deeper() {
		if (++depth > DEEPEST) {
			throw wrong("more than " + DEEPEST + " parts are within each other.");
		}
	}

	private void require(Kind kind, String otherwise) {
		if (tokens.kind() != kind) {
			throw wrong(otherwise);
		}
		tokens.advance();
	}

	private InvalidFilterException wrong(String problem) {
		return new InvalidFilterException(tokens.position(), problem);
	}
}
