package dev.hawser.connection.execution;

/** The events of a connection's life that run application code, in the order in which they come. */
public enum CallbackKind {
	OPEN, MESSAGE, CLOSE
}
