package dev.hawser.chart;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names in an expression of Prometheus' language. Not a parser, but enough for expressions like ours. */
record PromQl(Set<String> metrics, Set<String> labels) {
	private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
	private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)\\s*(?:=~|!~|!=|=)");
	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
	/** A name that is neither called as a function nor part of a number. */
	private static final Pattern NAME = Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*(?!\\w|\\s*\\()");
	private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "sum", "max", "min", "avg", "count", "by");

	static PromQl of(String expression) {
		Set<String> labels = new TreeSet<>();
		String rest = expression.replaceAll("\"[^\"]*\"", "''").replaceAll("\\[[^]]*]", "");
		Matcher matchers = MATCHERS.matcher(rest);
		while (matchers.find()) {
			LABEL.matcher(matchers.group(1)).results().forEach(label -> labels.add(label.group(1)));
		}
		rest = matchers.replaceAll("");
		Matcher groups = GROUPING.matcher(rest);
		while (groups.find()) {
			for (String label : groups.group(1).split(",", -1)) {
				labels.add(label.strip());
			}
		}
		Set<String> metrics = new TreeSet<>();
		NAME.matcher(groups.replaceAll(" ")).results().map(name -> name.group()).filter(name -> !WORDS.contains(name))
				.forEach(metrics::add);
		return new PromQl(metrics, labels);
	}
}
