package dev.hawser.operations.console;

import dev.hawser.operations.OperatorKey;
import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Says what the holder of a key, or of a cookie, may do. A cookie is signed with a key derived from the operators' key or the view key, and
 * kept nowhere: it holds on every node with the same key, and ends with it. Safe for any thread.
 */
final class Login implements ReloadParticipant {
	private static final String PURPOSE = "hawser console cookie";

	private final OperatorKey operators;
	private final Section<ConsoleSettings> section;
	private final InstantSource clock;
	private volatile ConsoleSettings settings;

	/** What an operator may do here. */
	enum Right {
		/** Look and act. */
		ACT,
		/** Look only. */
		LOOK
	}

	Login(OperatorKey operators, Section<ConsoleSettings> section, Settings settings, InstantSource clock) {
		this.operators = operators;
		this.section = section;
		this.settings = settings.of(section);
		this.clock = clock;
	}

	@Override
	public Section<?> section() {
		return section;
	}

	@Override
	public Change prepare(Settings fresh) {
		ConsoleSettings read = fresh.of(section);
		return () -> settings = read;
	}

	ConsoleSettings settings() {
		return settings;
	}

	/** Whether nothing signs in here. */
	boolean isShut() {
		return operators.isMissing() && settings.viewKey() == null;
	}

	/** What this key allows; null for a wrong key. */
	@Nullable
	Right ofKey(String key) {
		if (operators.is(key)) {
			return Right.ACT;
		}
		byte[] view = viewKey();
		return view != null && MessageDigest.isEqual(view, key.getBytes(StandardCharsets.UTF_8)) ? Right.LOOK : null;
	}

	/** A cookie's value, for as long as an operator may be idle. */
	String cookie(Right right) {
		String claim = right + "." + (clock.millis() + settings.idleLogout().toMillis());
		return claim + '.' + signature(right, claim);
	}

	/** What this cookie allows; null for one that is over, or was not made here. */
	@Nullable
	Right ofCookie(String value) {
		int end = value.lastIndexOf('.');
		int dot = value.indexOf('.');
		if (end <= dot) {
			return null;
		}
		for (Right right : Right.values()) {
			String claim = value.substring(0, end);
			String expected = signature(right, claim);
			if (expected != null && claim.startsWith(right + ".")
					&& MessageDigest.isEqual(bytes(expected), bytes(value.substring(end + 1)))) {
				return Duration.ofMillis(Long.parseLong(value, dot + 1, end, 10) - clock.millis()).isPositive() ? right : null;
			}
		}
		return null;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private byte @Nullable [] viewKey() {
		String key = settings.viewKey();
		return key == null ? null : bytes(key);
	}

	private @Nullable String signature(Right right, String claim) {
		byte[] view = viewKey();
		byte[] key = right == Right.ACT ? operators.derived(PURPOSE) : view == null ? null : OperatorKey.hmac(view, PURPOSE);
		return key == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(OperatorKey.hmac(key, claim));
	}
}
