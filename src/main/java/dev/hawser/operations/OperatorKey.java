package dev.hawser.operations;

import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The key that operators send. It changes when the configuration is reloaded. Safe for any thread. */
final class OperatorKey implements ReloadParticipant {
	private final Section<OperationsSettings> section;
	private volatile byte @Nullable [] key;

	OperatorKey(Section<OperationsSettings> section, Settings settings) {
		this.section = section;
		this.key = bytes(settings.of(section));
	}

	@Override
	public Section<?> section() {
		return section;
	}

	@Override
	public Change prepare(Settings fresh) {
		return () -> key = bytes(fresh.of(section));
	}

	private static byte @Nullable [] bytes(OperationsSettings settings) {
		return settings.key() == null ? null : settings.key().getBytes(StandardCharsets.UTF_8);
	}

	boolean isMissing() {
		return key == null;
	}

	/** Compares with the key, in a time that does not depend on how much of it is equal. */
	boolean is(String shown) {
		byte[] expected = key;
		return expected != null && MessageDigest.isEqual(expected, shown.getBytes(StandardCharsets.UTF_8));
	}
}
