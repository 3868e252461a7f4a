package dev.hawser.operations;

import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The key that operators send. It changes when the configuration is reloaded. Safe for any thread. */
public final class OperatorKey implements ReloadParticipant {
	private static final String HMAC = "HmacSHA256";

	private final Section<OperationsSettings> section;
	private final Generated generated;
	private volatile @Nullable Key key;

	/**
	 * The key that a development start makes, for a server without {@code hawser.operations.key}.
	 *
	 * @param key null in any other start
	 */
	public record Generated(@Nullable String key) {
		/** Does not contain the key. */
		@Override
		public String toString() {
			return "Generated";
		}
	}

	OperatorKey(Section<OperationsSettings> section, Settings settings, Generated generated) {
		this.section = section;
		this.generated = generated;
		this.key = key(settings.of(section));
	}

	@Override
	public Section<?> section() {
		return section;
	}

	@Override
	public Change prepare(Settings fresh) {
		return () -> key = key(fresh.of(section));
	}

	private @Nullable Key key(OperationsSettings settings) {
		String text = settings.key() == null ? generated.key() : settings.key();
		return text == null ? null : new Key(text.getBytes(StandardCharsets.UTF_8));
	}

	private static final class Key {
		final byte[] bytes;
		/** By purpose. The purposes are constants of the server. */
		final Map<String, byte[]> derived = new ConcurrentHashMap<>();

		Key(byte[] bytes) {
			this.bytes = bytes;
		}
	}

	/** Whether operators can only read health and metrics. */
	public boolean isMissing() {
		return key == null;
	}

	/** The key of a development start, as long as no other one is configured; null for none. */
	public @Nullable String generated() {
		String made = generated.key();
		return made != null && is(made) ? made : null;
	}

	/**
	 * A key for another purpose, which ends with this one; null when there is none. The same array at each call, which must not be changed, as
	 * long as the operators' key is the same.
	 */
	public byte @Nullable [] derived(String purpose) {
		Key now = key;
		return now == null ? null : now.derived.computeIfAbsent(purpose, each -> hmac(now.bytes, each));
	}

	/** HMAC with SHA-256. */
	public static byte[] hmac(byte[] key, String text) {
		try {
			Mac mac = Mac.getInstance(HMAC);
			mac.init(new SecretKeySpec(key, HMAC));
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException e) {
			throw new IllegalStateException("Every JVM has " + HMAC, e);
		}
	}

	/** Compares with the key, in a time that does not depend on how much of it is equal. */
	public boolean is(String shown) {
		Key expected = key;
		return expected != null && MessageDigest.isEqual(expected.bytes, shown.getBytes(StandardCharsets.UTF_8));
	}
}
