package dev.hawser.api;

/**
 * Called when a connection joins or leaves a group: by a callback, by the push API, or by its client's own request. Declare a bean of this
 * type to register it; optional.
 *
 * <p>The calls for one connection come in the order of the changes, after its {@link OnOpen}, and never at the same time as another
 * callback of the connection. A connection that ends leaves its groups: that is told before {@link OnClose}. They run on a virtual thread
 * and may block. An exception is logged and changes nothing.
 */
public interface OnGroup {

	/** The connection has become a member of the group, also of one that it joins as it opens. */
	void onJoined(WebSocketServer server, long fd, String group) throws Exception;

	/** The connection is no member of the group any more. */
	void onLeft(WebSocketServer server, long fd, String group) throws Exception;
}
