package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginsTests {

	@ParameterizedTest(name = "{0} contains {1}: {2}")
	@CsvSource({
			"https://app.example.com, https://app.example.com, true",
			"https://app.example.com, HTTPS://APP.example.COM, true",
			"https://app.example.com, https://app.example.com:443, true",
			"https://app.example.com:443, https://app.example.com, true",
			"http://app.example.com, http://app.example.com:80, true",
			"https://app.example.com, http://app.example.com, false",
			"https://app.example.com, https://app.example.com:8443, false",
			"https://app.example.com, https://app.example.com.evil.com, false",
			"https://app.example.com, https://evil-app.example.com, false",
			"https://app.example.com, https://app.example.com@evil.com, false",
			"https://app.example.com, https://evil.com/https://app.example.com, false",
			"https://app.example.com, https://evil.com?https://app.example.com, false",
			"https://app.example.com, https://evil.com#.app.example.com, false",
			"https://app.example.com, https://appxexample.com, false",
			"https://app.example.com, null, false",
			"https://app.example.com, '', false",
			"https://*.example.com, https://a.example.com, true",
			"https://*.example.com, https://a.b.example.com, true",
			"https://*.example.com, https://example.com, false",
			"https://*.example.com, https://.example.com, false",
			"https://*.example.com, https://evilexample.com, false",
			"https://*.example.com, https://a.example.com.evil.com, false",
			"https://*.example.com, https://evil.com/a.example.com, false",
			"https://*.example.com, https://evil.com#a.example.com, false",
			"https://*.example.com, https://evil.com:1@a.example.com, false",
			"https://*.example.com, http://a.example.com, false",
			"https://*.example.com, https://a.example.com:8443, false",
			"https://*.example.com:8443, https://a.example.com:8443, true",
			"http://[::1]:8080, http://[::1]:8080, true",
			"http://localhost:3000, http://localhost:3000, true",
			"*, https://anything.example, true",
			"*, null, true" })
	void comparesWholeOrigins(String allowed, String origin, boolean contained) {
		assertThat(new AllowedOrigins(List.of(allowed)).contains(origin)).isEqualTo(contained);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "app.example.com", "https://", "https://app.example.com/", "https://app.example.com/x", "null",
			"https://*", "https://*.com", "https://a*.example.com", "https://*a.example.com", "https://a.*.com", "https://**.example.com",
			"https://a.example.com:x", "https://user@example.com", "https://a b.com", "*.example.com", "https://app.example.com:*" })
	void refusesWhatIsNoOrigin(String entry) {
		assertThatThrownBy(() -> new AllowedOrigins(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void containsNothingWhenEmpty() {
		assertThat(new AllowedOrigins(List.of()).contains("https://app.example.com")).isFalse();
	}
}
