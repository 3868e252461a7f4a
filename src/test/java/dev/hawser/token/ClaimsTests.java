package dev.hawser.token;

import static dev.hawser.token.TokenTesting.NOW;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FakeIssuer;
import dev.hawser.testing.SigningKey;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which claims are allowed: their types, times far away, and claims that Hawser does not use. */
class ClaimsTests {
	private static final SigningKey KEY = SigningKey.of("HS256");
	private static final TokenVerifier VERIFIER = TokenTesting.verifier(settings("secret=" + KEY.secret()), TokenTesting.CLOCK);
	private static final long LATER = NOW.getEpochSecond() + 60;

	private static String signed(String claims) {
		return KEY.sign("{\"aud\":\"hawser\"," + claims + "}");
	}

	/** RFC 7519 section 4: claims that are not understood are ignored. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			9223372036854775807
			9223372036854775808
			-9223372036854775809
			123456789012345678901234567890123456789012345678901234567890
			1e400
			-1.5e-400
			[1,[2,{"a":9223372036854775808}]]
			{"a":{"b":[99999999999999999999]}}
			null
			""")
	void ignoresWhateverAClaimSaysThatMeansNothingHere(String value) {
		assertThat(verdict(VERIFIER, signed("\"exp\":" + LATER + ",\"n\":" + value))).isEqualTo("ok");
	}

	@Test
	void ignoresANumberOfThousandsOfDigits() {
		assertThat(verdict(VERIFIER, signed("\"exp\":" + LATER + ",\"n\":1" + "0".repeat(5000)))).isEqualTo("ok");
		assertThat(verdict(VERIFIER, signed("\"exp\":" + LATER + ",\"n\":1." + "0".repeat(5000)))).isEqualTo("ok");
	}

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"exp":9223372036854775807                       | ok
			"exp":9223372036854775808                       | ok
			"exp":9223372036854775                          | ok
			"exp":9223372036854776                          | ok
			"exp":99999999999999999999999999999999999999999 | ok
			"exp":1e300                                     | ok
			"exp":1e400                                     | ok
			"exp":253402300800                              | ok
			"exp":1e3                                       | token-expired
			"exp":0                                         | token-expired
			"exp":-0.0                                      | token-expired
			"exp":-1                                        | token-expired
			"exp":-9223372036854775808                      | token-expired
			"exp":-9223372036854775809                      | token-expired
			"exp":-9223372036854776                         | token-expired
			"exp":-1e300                                    | token-expired
			"exp":-1e400                                    | token-expired
			"exp":1e-400                                    | token-expired
			"exp":NaN                                       | token-invalid
			"exp":Infinity                                  | token-invalid
			"exp":true                                      | token-invalid
			"exp":{}                                        | token-invalid
			"exp":""                                        | token-invalid
			"exp":1,"exp":9999999999                        | token-invalid
			"exp":9999999999,"nbf":9223372036854775807      | token-not-yet-valid
			"exp":9999999999,"nbf":9223372036854775808      | token-not-yet-valid
			"exp":9999999999,"nbf":9223372036854776         | token-not-yet-valid
			"exp":9999999999,"nbf":18446744073709551616     | token-not-yet-valid
			"exp":9999999999,"nbf":1e300                    | token-not-yet-valid
			"exp":9999999999,"nbf":1e400                    | token-not-yet-valid
			"exp":9999999999,"nbf":0                        | ok
			"exp":9999999999,"nbf":-1                       | ok
			"exp":9999999999,"nbf":-9223372036854775808     | ok
			"exp":9999999999,"nbf":-9223372036854775809     | ok
			"exp":9999999999,"nbf":-1e400                   | ok
			"exp":9999999999,"nbf":[]                       | token-invalid
			"exp":9999999999,"iat":9223372036854775808      | ok
			"exp":9999999999,"iat":-1e400                   | ok
			"exp":9999999999,"iat":1.5                      | ok
			"exp":9999999999,"iat":"1"                      | token-invalid
			"exp":9999999999,"iat":{}                       | token-invalid
			""")
	void readsTimesOfAnySize(String times, String verdict) {
		assertThat(verdict(VERIFIER, signed(times))).isEqualTo(verdict);
	}

	/** A time far away, but one that can be computed with and written as a date. */
	@Test
	void tellsAnEndThatNeverComesAsTheLastOfAllDays() throws Exception {
		VerifiedToken token = VERIFIER.verify(signed("\"exp\":1e300,\"nbf\":-1e300,\"iat\":9223372036854775807"));
		Instant last = Instant.parse("9999-12-31T23:59:59Z");
		assertThat(token.expiresAt()).isEqualTo(last);
		assertThat(token.claims()).containsEntry("exp", Date.from(last)).containsEntry("iat", Date.from(last))
				.containsEntry("nbf", Date.from(Instant.parse("0001-01-01T00:00:00Z")));
		assertThat(settings().endOf(token)).isAfter(last);
	}

	@Test
	void passesClaimsOnAsTheyAre() throws Exception {
		VerifiedToken token = VERIFIER.verify(signed("\"exp\":" + LATER
				+ ",\"i\":7,\"d\":7.5,\"b\":9223372036854775808,\"t\":true,\"o\":{\"i\":7,\"l\":[7,null,\"x\"]},\"z\":null"));
		assertThat(token.claims()).containsEntry("aud", List.of("hawser")).containsEntry("exp", Date.from(Instant.ofEpochSecond(LATER)))
				.containsEntry("i", 7L).containsEntry("d", 7.5).containsEntry("b", new BigInteger("9223372036854775808"))
				.containsEntry("t", true)
				.containsEntry("z", null);
		assertThat(token.claims().get("o")).hasToString("{i=7, l=[7, null, x]}");
	}

	/** RFC 7519 sections 4.1.1 to 4.1.7. */
	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"sub":"alice"                      | ok
			"sub":null                         | ok
			"sub":7                            | token-invalid
			"sub":7.5                          | token-invalid
			"sub":99999999999999999999         | token-invalid
			"sub":true                         | token-invalid
			"sub":["alice"]                    | token-invalid
			"sub":{"alice":1}                  | token-invalid
			"sub":"alice","sub":"alice"        | token-invalid
			"sub":"alice","s\\u0075b":"admin"  | token-invalid
			"jti":7                            | token-invalid
			"jti":["t1"]                       | token-invalid
			"jti":{}                           | token-invalid
			"iss":7                            | token-invalid
			"iss":false                        | token-invalid
			"iss":["a"]                        | token-invalid
			"n":1,"n":1                        | token-invalid
			"n":{"a":1,"a":2}                  | token-invalid
			"n":"\\ud83d\\ude00"               | ok
			"n":"\\ud83d"                      | token-invalid
			"n":["a","\\ude00\\ud83d"]         | token-invalid
			"n":{"\\ud83d":1}                  | token-invalid
			"sub":"\\ud800"                    | token-invalid
			""")
	void looksAtTheTypes(String more, String verdict) {
		assertThat(verdict(VERIFIER, signed("\"exp\":" + LATER + "," + more))).isEqualTo(verdict);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			7
			true
			[7]
			["hawser",7]
			["hawser",null]
			[["hawser"]]
			{"hawser":1}
			""")
	void looksAtTheTypeOfTheAudience(String audience) {
		assertThat(verdict(VERIFIER, KEY.sign("{\"exp\":" + LATER + ",\"aud\":" + audience + "}"))).isEqualTo("token-invalid");
	}

	/** What an issuer says of a token is read in the same way. */
	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"exp":9223372036854775807  | ok
			"exp":9223372036854775808  | ok
			"exp":1e400                | ok
			"exp":-9223372036854776    | token-expired
			"nbf":9223372036854776     | token-not-yet-valid
			"n":9223372036854775808    | ok
			"sub":7                    | unavailable
			"jti":{}                   | unavailable
			"iat":"x"                  | unavailable
			""")
	void readsTheClaimsOfAnIssuerLikewise(String members, String verdict) throws Exception {
		try (FakeIssuer issuer = new FakeIssuer()
				.answerIntrospection(FakeIssuer.body("{\"active\":true,\"aud\":\"hawser\"," + members + "}"));
				TokenVerifier verifier = TokenTesting
						.verifier(settings("introspection.url=" + issuer.introspectionUrl(), "introspection.client-id=a",
								"introspection.client-secret=b", "timeout=1m"), TokenTesting.CLOCK)) {
			assertThat(verdict(verifier, "opaque")).isEqualTo(verdict);
		}
	}
}
