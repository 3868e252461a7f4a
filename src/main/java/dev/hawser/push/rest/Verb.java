package dev.hawser.push.rest;

import java.util.Locale;

/** What a key may be used for. */
enum Verb {
	/** Sending messages. */
	SEND,
	/** Closing connections. */
	CLOSE,
	/** Asking which connections, users and groups there are. */
	READ,
	/** Adding connections and users to groups, and removing them. */
	MEMBERSHIP,
	/** Giving permissions to connections, and taking them away. */
	PERMISSION,
	/** Signing tokens for clients, by the holder of the key and by this server. */
	TOKEN;

	/** As the settings of keys have it. */
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}
}
