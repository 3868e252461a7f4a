package dev.hawser.cluster;

/** What answers in Redis's place is no Redis, or is too old. The message is for the log. */
final class RedisUnusableException extends RuntimeException {
	RedisUnusableException(String why) {
		super(why, null, false, false);
	}
}
