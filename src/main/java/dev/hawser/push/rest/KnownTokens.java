package dev.hawser.push.rest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were good for a URL before, so that neither the signature nor the audience is checked when a caller sends one again. Kept by
 * a digest of token and URL, so no token is in it. Bounded. Safe for any thread.
 */
final class KnownTokens {
	/** Characters of all tokens together; an entry takes about four times the memory. */
	private static final long MOST_CHARACTERS = 2_000_000;
	private static final MessageDigest SHA_256 = sha256();

	private final Cache<Key, PushKeys.Signed> known = Caffeine.newBuilder().maximumWeight(MOST_CHARACTERS)
			.weigher((Key key, PushKeys.Signed _) -> key.length).executor(Runnable::run).build();

	/** The digest of a token and a URL. */
	static final class Key {
		private final byte[] digest;
		private final int hash;
		private final int length;

		private Key(byte[] digest, int length) {
			this.digest = digest;
			this.hash = ByteBuffer.wrap(digest).getInt();
			this.length = length;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Key key && MessageDigest.isEqual(digest, key.digest);
		}

		@Override
		public int hashCode() {
			return hash;
		}
	}

	static Key key(String token, String url) {
		try {
			MessageDigest digest = (MessageDigest) SHA_256.clone(); // cheaper than to look for it
			digest.update(token.getBytes(StandardCharsets.UTF_8));
			digest.update((byte) ' '); // is in no token
			return new Key(digest.digest(url.getBytes(StandardCharsets.UTF_8)), token.length());
		}
		catch (CloneNotSupportedException e) {
			throw new IllegalStateException("The JDK's SHA-256 can be cloned", e);
		}
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every JVM has SHA-256", e);
		}
	}

	/** What such a token says, and the key that has signed it; null when it is not known. Its times must be checked again. */
	PushKeys.@Nullable Signed find(Key key) {
		return known.getIfPresent(key);
	}

	void add(Key key, PushKeys.Signed signed) {
		known.put(key, signed);
	}
}
