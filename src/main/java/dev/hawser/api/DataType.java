package dev.hawser.api;

/** How the data of a message is to be read. */
public enum DataType {
	/** Text in UTF-8. */
	TEXT,
	/** Bytes. */
	BINARY
}
