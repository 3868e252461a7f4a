package dev.hawser.push.filter;

import dev.hawser.push.filter.Term.Groups;
import dev.hawser.push.filter.Term.Null;
import dev.hawser.push.filter.Term.Text;
import dev.hawser.push.filter.Term.Truth;
import dev.hawser.push.filter.Term.Whole;
import dev.hawser.push.filter.Term.WholeOf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The comparisons of two terms. */
final class Comparison {
	private Comparison() {
	}

	/** Null when values of these types cannot be equal. */
	static @Nullable Condition equality(Term left, Term right) {
		return switch (left) {
			case Text text when right instanceof Text other -> equality(text, other);
			case Text text when right instanceof Null -> candidate -> text.of().of(candidate) == null;
			case Whole whole when right instanceof Whole other -> candidate -> whole.of().of(candidate) == other.of().of(candidate);
			case Whole whole when right instanceof Null -> candidate -> whole.of().of(candidate) == WholeOf.NULL;
			case Truth truth when right instanceof Truth other -> candidate -> truth.of().of(candidate) == other.of().of(candidate);
			case Truth _ when right instanceof Null -> _ -> false;
			case Null _ when right instanceof Null -> _ -> true;
			case Null _ when !(right instanceof Groups) -> equality(right, left);
			case Text _,Whole _,Truth _,Groups _,Null _ -> null;
		};
	}

	private static Condition equality(Text left, Text right) {
		String constant = right.constant();
		if (left.connectionId() && constant != null) {
			return candidate -> candidate.isConnection(constant);
		}
		if (right.connectionId() && left.constant() != null) {
			return equality(right, left);
		}
		return candidate -> Objects.equals(left.of().of(candidate), right.of().of(candidate));
	}

	/**
	 * Whether the left integer is smaller, equal or greater, and so in the order that the operator names.
	 *
	 * @param operator gt, ge, lt or le
	 */
	static Condition order(String operator, WholeOf left, WholeOf right) {
		return candidate -> {
			long one = left.of(candidate);
			long other = right.of(candidate);
			if (one == WholeOf.NULL || other == WholeOf.NULL) {
				return false;
			}
			return switch (operator) {
				case "gt" -> one > other;
				case "ge" -> one >= other;
				case "lt" -> one < other;
				default -> one <= other;
			};
		};
	}
}
