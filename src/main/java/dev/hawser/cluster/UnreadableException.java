package dev.hawser.cluster;

/** Bytes in Redis are not what a node of this version writes. Without a stack trace; the message has nothing of the bytes. */
final class UnreadableException extends RuntimeException {
	UnreadableException(String why) {
		super(why, null, false, false);
	}
}
