package dev.hawser.push.filter;

import dev.hawser.push.filter.Term.Groups;
import dev.hawser.push.filter.Term.Null;
import dev.hawser.push.filter.Term.Text;
import dev.hawser.push.filter.Term.TextOf;
import dev.hawser.push.filter.Term.Truth;
import dev.hawser.push.filter.Term.Whole;
import dev.hawser.push.filter.Term.WholeOf;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions of filters. Each has a value also for a text that is null. */
final class Functions {
	private static final Map<String, Form> BY_NAME = Map.ofEntries(
			Map.entry("length", Form.of(1, at -> at.length())),
			Map.entry("tolower", Form.of(1, at -> at.changed(text -> text.toLowerCase(Locale.ROOT)))),
			Map.entry("toupper", Form.of(1, at -> at.changed(text -> text.toUpperCase(Locale.ROOT)))),
			Map.entry("trim", Form.of(1, at -> at.changed(String::strip))),
			Map.entry("startswith", Form.of(2, at -> at.tested(String::startsWith))),
			Map.entry("endswith", Form.of(2, at -> at.tested(String::endsWith))),
			Map.entry("contains", Form.of(2, at -> at.tested(String::contains))),
			Map.entry("indexof", Form.of(2, at -> at.indexOf())),
			Map.entry("concat", Form.of(2, at -> at.concat())),
			Map.entry("substring", new Form(2, 3, at -> at.substring())));

	private Functions() {
	}

	private record Form(int fewest, int most, Made made) {
		static Form of(int arguments, Made made) {
			return new Form(arguments, arguments, made);
		}
	}

	private interface Made {
		Term of(Call call);
	}

	/**
	 * The value of a function.
	 *
	 * @param position of the function's name, for error messages
	 */
	static Term call(String name, List<Argument> arguments, int position) {
		Form form = BY_NAME.get(name);
		if (form == null) {
			throw new InvalidFilterException(position, "there is no function of this name. There are startswith, endswith, contains,"
					+ " indexof, length, substring, tolower, toupper, trim and concat, all in small letters.");
		}
		if (arguments.size() < form.fewest || arguments.size() > form.most) {
			throw new InvalidFilterException(position, "'" + name + "' takes " + form.fewest
					+ (form.most > form.fewest ? " or " + form.most : "") + " arguments, not " + arguments.size() + ".");
		}
		return form.made.of(new Call(arguments));
	}

	/** A term and where it begins. */
	record Argument(Term term, int position) {
		TextOf text() {
			return switch (term) {
				case Text text -> text.of();
				case Null _ -> _ -> null;
				case Whole _,Truth _,Groups _ ->
					throw new InvalidFilterException(position, "text is needed here, and not " + term.type() + ".");
			};
		}

		WholeOf whole() {
			return switch (term) {
				case Whole whole -> whole.of();
				case Null _ -> _ -> WholeOf.NULL;
				case Text _,Truth _,Groups _ ->
					throw new InvalidFilterException(position, "an integer is needed here, and not " + term.type() + ".");
			};
		}
	}

	private record Call(List<Argument> arguments) {
		private TextOf text(int index) {
			return arguments.get(index).text();
		}

		Term length() {
			if (arguments.getFirst().term() instanceof Groups) {
				return new Whole(Candidate::groups);
			}
			TextOf text = text(0);
			return new Whole(candidate -> {
				String known = text.of(candidate);
				return known == null ? WholeOf.NULL : known.length();
			});
		}

		Term changed(UnaryOperator<String> change) {
			TextOf text = text(0);
			return new Text(candidate -> {
				String known = text.of(candidate);
				return known == null ? null : change.apply(known);
			});
		}

		/** False where a text is null. */
		Term tested(BiPredicate<String, String> test) {
			TextOf text = text(0);
			TextOf part = text(1);
			return new Truth(candidate -> {
				String known = text.of(candidate);
				String sought = part.of(candidate);
				return known != null && sought != null && test.test(known, sought);
			});
		}

		/** -1 where a text is null. */
		Term indexOf() {
			TextOf text = text(0);
			TextOf part = text(1);
			return new Whole(candidate -> {
				String known = text.of(candidate);
				String sought = part.of(candidate);
				return known == null || sought == null ? -1 : known.indexOf(sought);
			});
		}

		/** The other text where one is null. */
		Term concat() {
			TextOf first = text(0);
			TextOf second = text(1);
			return new Text(candidate -> concat(first.of(candidate), second.of(candidate)));
		}

		private static @Nullable String concat(@Nullable String first, @Nullable String second) {
			return first == null ? second : second == null ? first : first.concat(second);
		}

		/** Null where the text has no such part. */
		Term substring() {
			TextOf text = text(0);
			WholeOf from = arguments.get(1).whole();
			WholeOf length = arguments.size() == 3 ? arguments.get(2).whole() : null;
			return new Text(candidate -> {
				String known = text.of(candidate);
				long begin = from.of(candidate);
				long end = known == null ? 0 : length == null ? known.length() : begin + length.of(candidate);
				return known == null || begin < 0 || end < begin || end > known.length() ? null
						: known.substring((int) begin, (int) end);
			});
		}
	}
}
