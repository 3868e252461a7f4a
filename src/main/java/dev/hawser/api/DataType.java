package dev.hawser.api;

/** How the data of a message is to be read. */
public enum DataType {
	/** Text in UTF-8. */
	TEXT,
	/** JSON in UTF-8. A client without a subprotocol gets it as a text message. */
	JSON,
	/** Bytes. */
	BINARY
}
