package dev.hawser.token;

import static dev.hawser.token.TokenTesting.CLAIMS;
import static dev.hawser.token.TokenTesting.CLOCK;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each algorithm with its own kind of key, and with no other. */
class JwtAlgorithmTests {
	private static final SigningKey RSA = SigningKey.of("RS256");
	private static final SigningKey ED = SigningKey.of("EdDSA");
	private static final SigningKey SECRET = SigningKey.of("HS256");
	/** The algorithms, each with a key for it. */
	private static final Map<String, SigningKey> KEYS = new TreeMap<>(Stream.of(
			SECRET, SECRET.as("HS384"), SECRET.as("HS512"),
			RSA, RSA.as("RS384"), RSA.as("RS512"), RSA.as("PS256"), RSA.as("PS384"), RSA.as("PS512"),
			SigningKey.of("ES256"), SigningKey.of("ES384"), SigningKey.of("ES512"), ED, ED.as("Ed25519"))
			.collect(Collectors.toMap(SigningKey::algorithm, key -> key)));
	/** One key of each kind. */
	private static final List<SigningKey> KINDS = List.of(SECRET, RSA, KEYS.get("ES256"), KEYS.get("ES384"), KEYS.get("ES512"), ED);

	static Stream<SigningKey> keys() {
		return KEYS.values().stream();
	}

	private static TokenVerifier verifier(String... properties) {
		return TokenTesting.verifier(settings(properties), CLOCK);
	}

	private static boolean sameKind(SigningKey one, SigningKey other) {
		return one.pair() == other.pair();
	}

	@Test
	void hasARowForEveryAlgorithm() {
		assertThat(KEYS.keySet()).containsExactlyInAnyOrderElementsOf(VerificationKey.ALGORITHM_NAMES);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("keys")
	void acceptsAnAlgorithmWithItsKey(SigningKey key) {
		assertThat(verdict(verifier(key.setting(0, "a")), key.sign(CLAIMS))).isEqualTo("ok");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("keys")
	void refusesAnAlgorithmWithEveryOtherKindOfKey(SigningKey key) {
		for (SigningKey other : KINDS) {
			if (!sameKind(key, other)) {
				assertThat(verdict(verifier(other.setting(0, "a")), key.sign(CLAIMS))).as(other.algorithm()).isEqualTo("token-invalid");
			}
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("keys")
	void refusesAKeyOfTheSameKindThatIsNotOurs(SigningKey key) {
		assertThat(verdict(verifier(key.setting(0, "a")), SigningKey.of(key.algorithm()).sign(CLAIMS))).isEqualTo("token-invalid");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("keys")
	void refusesAHeaderThatNamesAnotherAlgorithmThanTheSignatureHas(SigningKey key) {
		for (String name : KEYS.keySet()) {
			boolean another = !name.equals(key.algorithm()) && !(key.algorithm().startsWith("Ed") && name.startsWith("Ed"));
			String token = key.sign("{\"alg\":\"" + name + "\"}", CLAIMS);
			assertThat(verdict(verifier(key.setting(0, "a")), token)).as(name).isEqualTo(another ? "token-invalid" : "ok");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "None", "NONE", "nOnE", "", " ", "HS1", "RS1", "dir", "HS256 ", "hs256" })
	void refusesAnAlgorithmThatBelongsToNoKey(String name) {
		String head = SigningKey.base64(("{\"alg\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8)) + '.'
				+ SigningKey.base64(CLAIMS.getBytes(StandardCharsets.UTF_8)) + '.';
		for (SigningKey key : KINDS) {
			TokenVerifier verifier = verifier(key.setting(0, "a"));
			assertThat(verdict(verifier, head)).as("without a signature").isEqualTo("token-invalid");
			assertThat(verdict(verifier, key.sign("{\"alg\":\"" + name + "\"}", CLAIMS))).as("signed").isEqualTo("token-invalid");
		}
		assertThat(verdict(verifier(SECRET.setting(0, "a")), SECRET.sign("{}", CLAIMS))).as("not named").isEqualTo("token-invalid");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HS256", "HS384", "HS512" })
	void doesNotTakeAPublicKeyForASecret(String hmac) {
		for (SigningKey key : KINDS.subList(1, KINDS.size())) {
			byte[] der = key.keys().getPublic().getEncoded();
			for (String secret : List.of(key.pem(), key.pem().strip(), key.pem().replaceAll("-----.*-----|\\s", ""),
					Base64.getEncoder().encodeToString(der), new String(der, StandardCharsets.ISO_8859_1), key.jwk("a"))) {
				String token = new SigningKey(hmac, secret, null).sign(CLAIMS);
				assertThat(verdict(verifier(key.setting(0, "a")), token)).isEqualTo("token-invalid");
			}
		}
	}

	@Test
	void refusesASecretThatIsTooShortForTheHash() {
		SigningKey key = new SigningKey("HS256", "0123456789abcdef0123456789abcdef", null);
		TokenVerifier verifier = verifier("secret=" + key.secret());
		assertThat(verdict(verifier, key.sign(CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, key.as("HS384").sign(CLAIMS))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, key.as("HS512").sign(CLAIMS))).isEqualTo("token-invalid");
	}

	@Test
	void acceptsOnlyWhatTheSettingNames() {
		String[] properties = Stream.of(RSA.setting(0, "a"), SECRET.setting(1, "b"), new String[] { "algorithms=PS256,HS512" })
				.flatMap(Arrays::stream).toArray(String[]::new);
		TokenVerifier verifier = verifier(properties);
		assertThat(verdict(verifier, RSA.as("PS256").sign(CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, SECRET.as("HS512").sign(CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, RSA.sign(CLAIMS))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, SECRET.sign(CLAIMS))).isEqualTo("token-invalid");
	}

	/**
	 * CVE-2022-21449: a signature with r and s of zero was accepted for everything. RFC 7518 section 3.4 does not allow a signature in DER.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "ES256", "ES384", "ES512" })
	void refusesTrivialSignatures(String algorithm) {
		SigningKey key = Objects.requireNonNull(KEYS.get(algorithm));
		TokenVerifier verifier = verifier(key.setting(0, "a"));
		String signed = key.sign(CLAIMS);
		String unsigned = signed.substring(0, signed.lastIndexOf('.') + 1);
		for (int length : new int[] { 0, 1, 64, 96, 132, 200 }) {
			assertThat(verdict(verifier, unsigned + SigningKey.base64(new byte[length]))).isEqualTo("token-invalid");
		}
		byte[] ones = new byte[] { 0x30, 6, 2, 1, 1, 2, 1, 1 };
		assertThat(verdict(verifier, unsigned + SigningKey.base64(ones))).isEqualTo("token-invalid");
	}
}
