package dev.hawser.cluster;

/** There is no connection to Redis: the command was not sent. Without a stack trace, since it is made often. */
final class RedisAwayException extends RuntimeException {
	RedisAwayException() {
		super("There is no connection to Redis", null, false, false);
	}
}
