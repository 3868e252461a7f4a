package dev.hawser.operations;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What operators show. It changes when the configuration is read anew. Safe for any thread. */
public final class OperatorKey {
	private volatile byte @Nullable [] key;

	public OperatorKey(OperationsSettings settings) {
		this.key = bytes(settings);
	}

	/** From now on the key of these settings counts, and the old one does not. */
	public void replace(OperationsSettings settings) {
		key = bytes(settings);
	}

	private static byte @Nullable [] bytes(OperationsSettings settings) {
		return settings.key() == null ? null : settings.key().getBytes(StandardCharsets.UTF_8);
	}

	boolean isMissing() {
		return key == null;
	}

	/** Compares in a time that does not depend on what is equal. */
	boolean is(String shown) {
		byte[] expected = key;
		return expected != null && MessageDigest.isEqual(expected, shown.getBytes(StandardCharsets.UTF_8));
	}
}
