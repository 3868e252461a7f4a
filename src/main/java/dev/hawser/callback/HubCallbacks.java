package dev.hawser.callback;

/** Which callbacks a hub has. */
public enum HubCallbacks {
	/** Those that are found for it. */
	FOUND,
	/** None on purpose: its clients only receive, and what they send is dropped. */
	NONE
}
