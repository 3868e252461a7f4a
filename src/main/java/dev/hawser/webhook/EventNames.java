package dev.hawser.webhook;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of events, and the lists of names that backends are configured with. Names are not case-sensitive. */
final class EventNames {
	static final String CONNECT = "connect";
	static final String CONNECTED = "connected";
	static final String DISCONNECTED = "disconnected";
	static final String MESSAGE = "message";
	/** A connection has joined a group. */
	static final String JOINED = "gp.joined";
	/** A connection has left a group. */
	static final String LEFT = "gp.left";
	/** The event in the URL of the handler check, which is no event of a connection. */
	static final String VALIDATE = "validate";
	/** What every CloudEvents type begins with. */
	static final String OF_ANY = "azure.webpubsub.";
	/** What the CloudEvents type has before the name of an event that this server makes. */
	static final String OF_SERVER = "azure.webpubsub.sys.";
	/** As {@link #OF_SERVER}, for events that clients send. */
	static final String OF_CLIENT = "azure.webpubsub.user.";
	/** All of them in a list of events. */
	private static final String ALL = "*";
	private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,127}");
	private static final Set<String> SYSTEM = Set.of(CONNECT, CONNECTED, DISCONNECTED, JOINED, LEFT);

	private EventNames() {
	}

	/** Whether the text may stand in a list of events. */
	static boolean isPattern(String text) {
		return text.equals(ALL) || isName(text);
	}

	/** Whether the text may be the name of an event. */
	static boolean isName(String text) {
		return NAME.matcher(text).matches();
	}

	static boolean contains(List<String> patterns, String event) {
		for (String pattern : patterns) {
			if (pattern.equals(ALL) || pattern.equalsIgnoreCase(event)) {
				return true;
			}
		}
		return false;
	}

	/** Whether the list has the name itself: events of groups are many, so that the pattern for all does not mean them. */
	static boolean containsItself(List<String> patterns, String event) {
		return patterns.stream().anyMatch(event::equalsIgnoreCase);
	}

	/**
	 * As {@link #contains}, for an event of a client: a name that this server gives to its own events is not meant by it in a list, but
	 * by the pattern for all.
	 */
	static boolean containsOfClient(List<String> patterns, String event) {
		return SYSTEM.contains(event.toLowerCase(Locale.ROOT)) ? patterns.contains(ALL) : contains(patterns, event);
	}

	/** The name as a tag of meters: names that clients choose are one. */
	static String tag(String event) {
		String lower = event.toLowerCase(Locale.ROOT);
		return SYSTEM.contains(lower) || lower.equals(MESSAGE) ? lower : "other";
	}
}
