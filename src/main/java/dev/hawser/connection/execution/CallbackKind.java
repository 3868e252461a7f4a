package dev.hawser.connection.execution;

/** The events of a connection's life that run application code: the first, two that come any number of times, and the last. */
public enum CallbackKind {
	OPEN, MESSAGE, GROUP, CLOSE
}
