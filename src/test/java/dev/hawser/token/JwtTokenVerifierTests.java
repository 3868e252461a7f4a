package dev.hawser.token;

import static dev.hawser.token.TokenTesting.CLAIMS;
import static dev.hawser.token.TokenTesting.CLOCK;
import static dev.hawser.token.TokenTesting.NOW;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.SigningKey;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which keys a token may choose from, what its header may say, and what it must claim. */
class JwtTokenVerifierTests {
	private static final SigningKey OLD = SigningKey.of("HS256");
	private static final SigningKey NEW = SigningKey.of("HS256");
	private static final SigningKey EC = SigningKey.of("ES256");
	private static final SigningKey STRANGER = SigningKey.of("ES256");

	private static TokenVerifier verifier(String... properties) {
		return TokenTesting.verifier(settings(properties), CLOCK);
	}

	private static String[] all(String[]... settings) {
		return Stream.of(settings).flatMap(Arrays::stream).toArray(String[]::new);
	}

	@Test
	void tellsWhatTheTokenSays() throws Exception {
		VerifiedToken token = verifier(EC.setting(0, "a")).verify(EC.sign(CLAIMS));
		assertThat(token.subject()).isEqualTo("alice");
		assertThat(Objects.requireNonNull(token.principal()).getName()).isEqualTo("alice");
		assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(60));
		assertThat(token.id()).isEqualTo("t1");
		assertThat(token.claims()).containsKeys("sub", "aud", "exp", "jti");
		assertThat(token.toString()).doesNotContain("alice", "t1");
	}

	@Test
	void neverWaits() {
		assertThat(verifier(EC.setting(0, "a")).mayBlock()).isFalse();
	}

	// Keys.

	@Test
	void acceptsTheOldAndTheNewSecretWhileTheyRotate() {
		TokenVerifier verifier = verifier(all(OLD.setting(0, "old"), NEW.setting(1, "new"), EC.setting(2, "ec")));
		assertThat(verdict(verifier, OLD.signAs("old", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, NEW.signAs("new", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, EC.signAs("ec", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, NEW.sign(CLAIMS))).as("without kid every key is tried").isEqualTo("ok");
		assertThat(verdict(verifier(NEW.setting(0, "new")), OLD.signAs("old", CLAIMS))).as("rotated out").isEqualTo("token-invalid");
	}

	static Stream<Arguments> kids() {
		return Stream.of("new", "", " ", "OLD", "old ", "old\\u0000", "../old", "old' or '1'='1", "*", "0").map(kid -> Arguments.of(kid));
	}

	@ParameterizedTest
	@MethodSource("kids")
	void refusesATokenThatNamesAnotherKeyThanItsOwn(String kid) {
		TokenVerifier verifier = verifier(all(OLD.setting(0, "old"), NEW.setting(1, "new")));
		assertThat(verdict(verifier, OLD.signAs(kid, CLAIMS))).isEqualTo("token-invalid");
	}

	@Test
	void refusesAKidThatIsNoString() {
		TokenVerifier verifier = verifier("secret=" + OLD.secret());
		for (String kid : new String[] { "1", "{}", "[\"old\"]", "true" }) {
			assertThat(verdict(verifier, OLD.sign("{\"alg\":\"HS256\",\"kid\":" + kid + "}", CLAIMS))).isEqualTo("token-invalid");
		}
	}

	@Test
	void acceptsAnyKidWithTheShortForm() {
		TokenVerifier verifier = verifier(all(new String[] { "secret=" + OLD.secret() }, NEW.setting(0, "new")));
		assertThat(verdict(verifier, OLD.signAs("whatever", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, NEW.signAs("new", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, NEW.signAs("whatever", CLAIMS))).isEqualTo("token-invalid");
	}

	/** RFC 8725 section 3.10: a URL in a token that names its key is never used. */
	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			jku | "http://127.0.0.1:1/jwks"
			x5u | "http://127.0.0.1:1/cert.pem"
			jwk | %s
			x5c | ["MIIB"]
			""")
	void takesNoKeyFromAToken(String name, String value) {
		TokenVerifier verifier = verifier(EC.setting(0, "a"));
		String header = "{\"alg\":\"ES256\",\"kid\":\"a\",\"" + name + "\":" + value.formatted(STRANGER.jwk("a")) + "}";
		assertThat(verdict(verifier, STRANGER.sign(header, CLAIMS))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, EC.sign(header, CLAIMS))).as("it is not even read").isEqualTo("ok");
	}

	// Header.

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"typ":"JWT"                        | ok
			"typ":"jwt"                        | ok
			"typ":"at+jwt"                     | ok
			"typ":"application/at+jwt"         | ok
			"typ":"logout+jwt"                 | token-invalid
			"typ":"dpop+jwt"                   | token-invalid
			"typ":7                            | token-invalid
			"crit":["exp"],"exp":1             | token-invalid
			"crit":["b64"],"b64":true          | token-invalid
			"crit":[]                          | token-invalid
			"b64":false                        | token-invalid
			"alg":"ES256"                      | token-invalid
			"zip":"DEF"                        | ok
			""")
	void looksAtTheHeader(String more, String verdict) {
		assertThat(verdict(verifier(EC.setting(0, "a")), EC.sign("{\"alg\":\"ES256\"," + more + "}", CLAIMS))).isEqualTo(verdict);
	}

	@Test
	void refusesTokensWithMoreOrFewerPartsThanThree() {
		TokenVerifier verifier = verifier(EC.setting(0, "a"));
		String token = EC.sign(CLAIMS);
		String[] parts = token.split("\\.", -1);
		for (String bad : new String[] { "", ".", "..", "...", token + ".", token + "." + parts[2], "." + token, parts[0] + "." + parts[1],
				parts[0] + ".." + parts[2], parts[0], token + ".." }) {
			assertThat(verdict(verifier, bad)).as(bad).isEqualTo("token-invalid");
		}
	}

	@Test
	void refusesALongTokenUnread() {
		TokenVerifier verifier = verifier(EC.setting(0, "a"));
		int fixed = EC.sign(CLAIMS).length();
		String longest = "";
		for (int pad = (TokenSettings.LONGEST_TOKEN - fixed) * 3 / 4; longest.length() < TokenSettings.LONGEST_TOKEN; pad++) {
			longest = EC.sign(CLAIMS + " ".repeat(pad));
		}
		assertThat(longest).hasSize(TokenSettings.LONGEST_TOKEN);
		assertThat(verdict(verifier, longest)).isEqualTo("ok");
		assertThat(verdict(verifier, EC.sign(CLAIMS + " ".repeat(TokenSettings.LONGEST_TOKEN)))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, longest + "=")).isEqualTo("token-invalid");
	}

	// Claims. Of now the seconds are: -1 means one second ago.

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"exp":%d            | 1         | ok
			"exp":%d            | 0         | ok
			"exp":%d            | -29       | ok
			"exp":%d            | -30       | token-expired
			"exp":%d.9          | -30       | token-expired
			"exp":%d            | -31       | token-expired
			"exp":"%d"          | 60        | token-invalid
			"exp":null,"x":%d   | 60        | token-expired
			"exp":-%d           | 60        | token-expired
			"exp":[%d]          | 60        | token-invalid
			"x":%d              | 60        | token-expired
			"exp":%1$d,"nbf":%1$d      | 0  | ok
			"exp":9999999999,"nbf":%d  | 30 | ok
			"exp":9999999999,"nbf":%d  | 31 | token-not-yet-valid
			"exp":9999999999,"nbf":"%d" | 0 | token-invalid
			""")
	void looksAtTheTimes(String times, int seconds, String verdict) {
		String claims = "{\"sub\":\"alice\",\"aud\":\"hawser\"," + times.formatted(NOW.getEpochSecond() + seconds) + "}";
		assertThat(verdict(verifier(EC.setting(0, "a")), EC.sign(claims))).isEqualTo(verdict);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"aud":"hawser","iss":"https://a.example"                  | ok
			"aud":["x","hawser"],"iss":"https://a.example"            | ok
			"aud":["x","y"],"iss":"https://a.example"                 | token-audience
			"aud":[],"iss":"https://a.example"                        | token-audience
			"aud":"Hawser","iss":"https://a.example"                  | token-audience
			"aud":"hawser ","iss":"https://a.example"                 | token-audience
			"aud":{"hawser":1},"iss":"https://a.example"              | token-invalid
			"iss":"https://a.example"                                 | token-audience
			"aud":"hawser"                                            | token-issuer
			"aud":"hawser","iss":""                                   | token-issuer
			"aud":"hawser","iss":null                                 | token-issuer
			"aud":"hawser","iss":"https://a.example/"                 | token-issuer
			"aud":"hawser","iss":"HTTPS://a.example"                  | token-issuer
			"aud":"hawser","iss":"https://a.example.evil.example"     | token-issuer
			"aud":"hawser","iss":["https://a.example"]                | token-invalid
			"aud":"hawser","iss":"https://b.example","iss":"https://a.example" | token-invalid
			"aud":"hawser","iss":"https://a.example","sub":"a","sub":"admin"   | token-invalid
			""")
	void looksAtAudienceAndIssuer(String some, String verdict) {
		TokenVerifier verifier = verifier(all(EC.setting(0, "a"), new String[] { "issuer=https://a.example" }));
		assertThat(verdict(verifier, EC.sign("{\"exp\":" + (NOW.getEpochSecond() + 60) + "," + some + "}"))).isEqualTo(verdict);
	}
}
