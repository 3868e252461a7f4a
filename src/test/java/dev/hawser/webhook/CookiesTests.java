package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes back of the cookies that a backend sets. */
class CookiesTests {
	private final Cookies cookies = new Cookies();

	private String afterSetting(String... lines) {
		cookies.set("http://one", List.of(lines));
		return String.valueOf(cookies.of("http://one"));
	}

	@Test
	void isOnlyForTheBackendThatHasSetThem() {
		assertThat(afterSetting("a=1; Path=/elsewhere; Domain=example.com; Secure; HttpOnly")).isEqualTo("a=1");
		assertThat(cookies.of("http://other")).isNull();
	}

	@Test
	void isTheLastValueOfEach() {
		assertThat(afterSetting("a=1", "b=2")).isEqualTo("a=1; b=2");
		assertThat(afterSetting("a=3")).isEqualTo("b=2; a=3");
		assertThat(afterSetting("a=4; Max-Age=0", "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT")).isEqualTo("null");
	}

	@Test
	void isTheValueAsItWasSet() {
		assertThat(afterSetting("a=\"x y\"; Path=/", "b= x=y ;HttpOnly", "c=")).isEqualTo("a=\"x y\"; b=x=y; c=");
		assertThat(afterSetting("a=1; max-age=-1", "b=1; Secure; Max-Age = -5", "c=1; Path=/max-age=-1")).isEqualTo("c=1");
	}

	@Test
	void isAValueOfNearlyFourKilobytesThatChanges() {
		String large = "x".repeat(4000);
		assertThat(afterSetting("a=1" + large + "; Path=/" + large)).isEqualTo("a=1" + large);
		assertThat(afterSetting("a=2" + large)).as("the new value takes the place of the old one").isEqualTo("a=2" + large);
	}

	@Test
	void isNoValueThatDoesNotFit() {
		assertThat(afterSetting("a=1", "b=" + "x".repeat(5000))).isEqualTo("a=1");
		assertThat(afterSetting("a=" + "x".repeat(5000))).as("nor the old one, which counts no more").isEqualTo("null");
	}

	@Test
	void isNothingOfWhatIsNoCookie() {
		assertThat(afterSetting("", ";", "=", "nothing", "a\u0001=1", "b=\u0001")).isEqualTo("null");
	}
}
