package dev.hawser.callback;

/** Which callbacks a hub has. */
public enum HubCallbacks {
	/** The callbacks that are declared for the hub. */
	FOUND,
	/** No callbacks: the clients only receive, and messages from them are dropped. */
	NONE
}
