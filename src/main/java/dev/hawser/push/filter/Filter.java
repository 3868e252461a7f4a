package dev.hawser.push.filter;

/**
 * A condition on connections, in the subset of OData that Azure Web PubSub has:
 *
 * <pre>
 *  or         = and *( "or" and )
 *  and        = comparison *( "and" comparison )
 *  comparison = member *( ( "eq" / "ne" / "gt" / "ge" / "lt" / "le" ) member )
 *  member     = operand *( "in" ( groups / "(" [ or *( "," or ) ] ")" ) )
 *  operand    = "not" member / "(" or ")" / literal / variable / function "(" or *( "," or ) ")"
 *  literal    = "'" text with '' for ' "'" / 32-bit integer / "true" / "false" / "null"
 *  variable   = "userId" / "connectionId" / "groups" / "protocol"       without regard to case
 * </pre>
 *
 * {@code gt}, {@code ge}, {@code lt} and {@code le} compare integers, and are false where one of them is null. Text is compared by its
 * UTF-16 units, with regard to case. Types are checked when the filter is read. Immutable.
 */
public final class Filter {
	private final Condition condition;

	private Filter(Condition condition) {
		this.condition = condition;
	}

	/** @throws IllegalArgumentException for a filter that cannot be read; its message says where, and is for the filter's author */
	public static Filter parse(String text) {
		return new Filter(new Parser(text).filter());
	}

	/** Whether the connection meets the condition. Makes no objects, except for the new texts of functions such as {@code tolower}. */
	public boolean matches(Candidate candidate) {
		return condition.of(candidate);
	}
}
