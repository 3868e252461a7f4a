package dev.hawser.push;

/** Other nodes do not answer, so what was asked is not known. Without a stack trace. */
public final class NodesSilentException extends RuntimeException {
	NodesSilentException() {
		super("Other nodes do not answer", null, false, false);
	}
}
