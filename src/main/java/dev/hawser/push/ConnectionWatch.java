package dev.hawser.push;

import java.util.List;

/**
 * Watches single connections of this node for another node. Without a bean of this type none can be watched. Any thread may call, and
 * no method waits.
 */
@FunctionalInterface
public interface ConnectionWatch {
	/**
	 * What has happened to a connection of this node. The first call begins a watch, which remembers a limited number of events, and
	 * ends by itself when no call follows within some seconds.
	 *
	 * @param after the number of the last event that the caller knows; 0 for none
	 */
	Seen since(String connectionId, long after);

	/**
	 * @param events  the events in their order, each as JSON
	 * @param last    the number of the last of them, for the next call
	 * @param leftOut events that came too fast, and are not among them
	 */
	record Seen(List<String> events, long last, long leftOut) {
		/** Nothing has happened since the event with this number. */
		public static Seen nothingAfter(long last) {
			return new Seen(List.of(), last, 0);
		}
	}
}
