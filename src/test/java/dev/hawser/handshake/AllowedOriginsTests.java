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
			"https://app.example.com, https://app.example.com:port, false",
			"https://app.example.com, https://app.example.com:99999, false",
			"https://app.example.com, http://], false",
			"https://app.example.com, https://[::1:443, false",
			"https://app.example.com, https://app.example.com:443:443, false",
			"https://chat_app:8443, https://CHAT_APP:8443, true",
			"http://[::1]:8080, http://[0:0:0:0:0:0:0:1]:8080, true",
			"http://[::1]:8080, http://[::1::1]:8080, false",
			"file://, file://, true",
			"file://, null, false",
			"file://, file:///home, false",
			"null, null, true",
			"null, https://null, false",
			"app://-, app://-, true",
			"app://-, app://other, false",
			"capacitor://localhost, capacitor://localhost, true",
			"capacitor://localhost, http://localhost, false",
			"moz-extension://*, moz-extension://6ba7b810-9dad-11d1-80b4-00c04fd430c8, true",
			"moz-extension://*, chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb, false",
			"chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb, chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb, true",
			"*, https://anything.example, true",
			"*, null, true" })
	void comparesWholeOrigins(String allowed, String origin, boolean contained) {
		assertThat(new AllowedOrigins(List.of(allowed)).contains(origin)).isEqualTo(contained);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "app.example.com", "https://", "https://app.example.com/", "https://app.example.com/x",
			"https://*", "http://*", "Null", "://*", "*://app.example.com", "https://a.example.com:99999", "file:", "http://]",
			"https://*.com", "https://a*.example.com", "https://*a.example.com", "https://a.*.com", "https://**.example.com",
			"https://a.example.com:x", "https://user@example.com", "https://a b.com", "*.example.com", "https://app.example.com:*" })
	void refusesTextThatIsNotAnOrigin(String entry) {
		assertThatThrownBy(() -> new AllowedOrigins(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource({
			"http://localhost:3000, true",
			"https://localhost, true",
			"http://app.localhost:5173, true",
			"http://127.0.0.1:8080, true",
			"http://127.1.2.3, true",
			"http://[::1]:8080, true",
			"http://localhost.evil.example, false",
			"http://evil-localhost, false",
			"http://127.0.0.1.evil.example, false",
			"http://128.0.0.1, false",
			"app://localhost, false",
			"null, false",
			"https://app.example.com, false" })
	void containsPagesOfTheBrowsersOwnMachineInDevelopment(String origin, boolean contained) {
		AllowedOrigins none = new AllowedOrigins(List.of());
		assertThat(none.withLoopback().contains(origin)).isEqualTo(contained);
		assertThat(none.contains(origin)).as("otherwise").isFalse();
	}

	@Test
	void containsNothingWhenEmpty() {
		assertThat(new AllowedOrigins(List.of()).contains("https://app.example.com")).isFalse();
	}
}
