package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.operations.OperatorKey;
import dev.hawser.operations.console.Login.Right;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.RunningHawser;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a cookie is good for, and for how long, with a clock of the test's own. */
class LoginTests {
	private static final Section<ConsoleSettings> SECTION = Section.ofServer("console", ConsoleSettings.class);
	private static final String KEY = "an-operators-key-of-32-bytes-or-more";
	private static final String VIEW_KEY = "a-view-key-of-32-bytes-or-more--";

	private Instant now = Instant.parse("2031-05-04T03:02:01Z");

	private static Settings settings(@Nullable String viewKey) {
		return new Settings() {
			@Override
			public <T> T of(Section<T> section) {
				return section.type().cast(new ConsoleSettings(true, viewKey, Duration.ofMinutes(30), false));
			}

			@Override
			public <T> T ofHub(String hub, Section<T> section) {
				throw new UnsupportedOperationException();
			}

			@Override
			public Set<String> hubs() {
				return Set.of();
			}
		};
	}

	private Login login(OperatorKey operators, @Nullable String viewKey) {
		return new Login(operators, SECTION, settings(viewKey), () -> now);
	}

	private static OperatorKey keyOf(RunningHawser server) {
		return server.bean(OperatorKey.class);
	}

	@Test
	void holdsOnEveryNodeWithTheSameKeyAndEndsWithIt() {
		try (RunningHawser one = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY);
				RunningHawser same = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY);
				RunningHawser other = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY + "2")) {
			Login here = login(keyOf(one), VIEW_KEY);
			String act = here.cookie(Right.ACT);
			String look = here.cookie(Right.LOOK);
			assertThat(here.ofCookie(act)).isEqualTo(Right.ACT);
			assertThat(login(keyOf(same), VIEW_KEY).ofCookie(act)).isEqualTo(Right.ACT);
			assertThat(login(keyOf(same), VIEW_KEY).ofCookie(look)).isEqualTo(Right.LOOK);
			assertThat(login(keyOf(other), VIEW_KEY).ofCookie(act)).isNull();
			assertThat(login(keyOf(other), VIEW_KEY).ofCookie(look)).as("the view key is the same").isEqualTo(Right.LOOK);
			assertThat(login(keyOf(one), VIEW_KEY + "2").ofCookie(look)).isNull();
			assertThat(login(keyOf(one), null).ofCookie(look)).isNull();
		}
	}

	@Test
	void endsAfterAWhileWithoutAClick() {
		try (RunningHawser one = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY)) {
			Login login = login(keyOf(one), VIEW_KEY);
			String cookie = login.cookie(Right.ACT);
			now = now.plus(Duration.ofMinutes(29));
			assertThat(login.ofCookie(cookie)).isEqualTo(Right.ACT);
			now = now.plus(Duration.ofMinutes(2));
			assertThat(login.ofCookie(cookie)).isNull();
		}
	}

	@Test
	void believesNothingThatItHasNotSigned() {
		try (RunningHawser one = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY)) {
			Login login = login(keyOf(one), VIEW_KEY);
			String look = login.cookie(Right.LOOK);
			String signature = look.substring(look.lastIndexOf('.'));
			for (String forged : new String[] { "", ".", "..", "ACT", "ACT." + Long.MAX_VALUE, look.replace("LOOK", "ACT"),
					look.replaceFirst("\\.\\d+\\.", ".9999999999999."), "ACT." + Long.MAX_VALUE + signature, look + "x",
					look.toLowerCase(Locale.ROOT),
					"LOOK..", "ACT.-1.", "ACT.x" + signature }) {
				assertThat(login.ofCookie(forged)).as(forged).isNull();
			}
			assertThat(login.ofKey(KEY)).isEqualTo(Right.ACT);
			assertThat(login.ofKey(VIEW_KEY)).isEqualTo(Right.LOOK);
			assertThat(login.ofKey("null")).isNull();
			assertThat(Objects.requireNonNull(login.cookie(Right.ACT))).doesNotContain(KEY);
		}
	}
}
