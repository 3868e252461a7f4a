package dev.hawser.cluster;

/** Redis has refused to carry out a command: it is full, loads its data, or may not write. The message is Redis's own. */
final class RedisRefusedException extends RuntimeException {
	RedisRefusedException(String why) {
		super(why, null, false, false);
	}
}
