package dev.hawser.token;

import static dev.hawser.token.TokenTesting.CLAIMS;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeIssuer;
import dev.hawser.testing.SigningKey;
import dev.hawser.token.TokenTesting.MovableClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Any text that a client shows as a token is at worst a bad token, and never a fault of the server or of the issuer. */
class MalformedTokenTests {
	private static final SigningKey SECRET = SigningKey.of("HS256");
	private static final SigningKey EC = SigningKey.of("ES256");
	private static final SigningKey ED = SigningKey.of("EdDSA");
	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	private static final int MUTATIONS_OF_A_TOKEN = 1_500;

	private static FakeIssuer issuer;
	/** Every way to check a token, by name; the issuers that are asked work well. */
	private static final Map<String, TokenVerifier> VERIFIERS = new LinkedHashMap<>();

	private static TokenVerifier verifier(String name) {
		return Objects.requireNonNull(VERIFIERS.get(name));
	}

	@BeforeAll
	static void start() throws Exception {
		MovableClock clock = new MovableClock();
		issuer = new FakeIssuer().publish(EC.jwk("a"), ED.jwk("b"));
		String[] configured = Stream.of(SECRET.setting(0, "s"), EC.setting(1, "a"), ED.setting(2, "b")).flatMap(Stream::of)
				.toArray(String[]::new);
		VERIFIERS.put("keys", TokenTesting.verifier(settings(configured), clock));
		VERIFIERS.put("JWK set", TokenTesting.verifier(settings("jwks.url=" + issuer.keysUrl(), "timeout=1m"), clock));
		VERIFIERS.put("discovery", TokenTesting.verifier(settings("issuer=" + issuer.url(), "timeout=1m"), clock));
		VERIFIERS.put("introspection", TokenTesting.verifier(settings("introspection.url=" + issuer.introspectionUrl(),
				"introspection.client-id=a", "introspection.client-secret=b", "timeout=1m"), clock));
		await().until(() -> verdict(verifier("JWK set"), EC.signAs("a", CLAIMS)).equals("ok"));
	}

	@AfterAll
	static void stop() throws Exception {
		VERIFIERS.values().forEach(TokenVerifier::close);
		issuer.close();
	}

	private static void assertRefused(String label, String token) {
		VERIFIERS.forEach((name, verifier) -> assertThat(verdict(verifier, token)).as("%s, %s", name, label).isEqualTo("token-invalid"));
	}

	/** A header, or claims, of another type than they should have. */
	private static List<byte[]> junk() {
		List<byte[]> junk = new ArrayList<>();
		for (String text : List.of("", " ", "null", "true", "7", "-1", "1e400", "\"alg\"", "[]", "[null]", "[{\"alg\":\"ES256\"}]", "{",
				"}", "{}}",
				"{}", "nul", "NaN", "{\"alg\"}", "{\"alg\":}", "{alg:\"ES256\"}", "{'alg':'ES256'}", "{\"alg\":\"ES256\",}",
				"{\"alg\":NaN}",
				"{\"alg\":\"ES256\"}{}", "{\"alg\":\"ES256\"}x", "{\"alg\":\"ES256\"} // x", "/**/{\"alg\":\"ES256\"}",
				"\u0000{\"alg\":\"ES256\"}",
				"\uFEFF{\"alg\":\"ES256\"}", "{\"alg\":\"ES256\",\"alg\":\"ES256\"}", "{\"alg\":\"ES256\",\"a\\u006cg\":\"ES256\"}",
				"{\"alg\":\"ES256\",\"x\":{\"y\":1,\"y\":2}}", "{\"alg\":\"ES256\",\"x\":[{\"y\":1,\"y\":2}]}",
				"{\"alg\":\"ES256\",\"x\":\"\n\"}",
				"{\"alg\":\"ES256\",\"x\":01}", "{\"alg\":\"ES256\",\"x\":+1}", "{\"alg\":\"ES256\",\"x\":1.}",
				"{\"alg\":\"ES256\",\"x\":\"\\q\"}",
				"[".repeat(2000), "{\"a\":".repeat(1000), "{\"alg\":\"ES256\",\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}",
				"{\"alg\":\"ES256\",\"x\":" + "{\"x\":".repeat(500) + "1" + "}".repeat(500) + "}")) {
			junk.add(text.getBytes(StandardCharsets.UTF_8));
		}
		String good = "{\"alg\":\"ES256\"}";
		for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE,
				StandardCharsets.UTF_32)) {
			junk.add(good.getBytes(charset));
		}
		junk.add("{\"alg\":\"ES256\",\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
		junk.add(new byte[] { '{', '"', 'x', '"', ':', '"', (byte) 0xC0, (byte) 0x80, '"', '}' });
		junk.add(new byte[] { '{', '"', 'x', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}' });
		junk.add(new byte[] { (byte) 0xFF, (byte) 0xFE, 0 });
		return junk;
	}

	@Test
	void refusesAHeaderThatIsNoObject() {
		assertRefused("null", "bnVsbA.e30.AA");
		for (byte[] header : junk()) {
			for (SigningKey key : List.of(SECRET, EC)) {
				assertRefused(new String(header, StandardCharsets.UTF_8), key.sign(header, CLAIMS.getBytes(StandardCharsets.UTF_8)));
			}
		}
	}

	@Test
	void refusesClaimsThatAreNoObject() {
		byte[] header = "{\"alg\":\"ES256\",\"kid\":\"a\"}".getBytes(StandardCharsets.UTF_8);
		List<byte[]> rows = junk();
		rows.removeIf(row -> new String(row, StandardCharsets.UTF_8).contains("\\u006c")); // twice the same in a header alone
		for (byte[] junk : rows) {
			assertRefused(new String(junk, StandardCharsets.UTF_8), EC.sign(header, new String(junk, StandardCharsets.ISO_8859_1)
					.replace("\"alg\":\"ES256\"", CLAIMS.substring(1, CLAIMS.length() - 1)).getBytes(StandardCharsets.ISO_8859_1)));
		}
	}

	@Test
	void refusesMembersOfTheHeaderThatAreOfAnotherType() {
		for (String value : List.of("null", "7", "1e400", "99999999999999999999", "true", "[]", "{}", "[\"ES256\"]", "{\"ES256\":1}")) {
			assertRefused("alg " + value, EC.sign("{\"alg\":" + value + ",\"kid\":\"a\"}", CLAIMS));
			if (!value.equals("null")) {
				assertRefused("kid " + value, EC.sign("{\"alg\":\"ES256\",\"kid\":" + value + "}", CLAIMS));
				assertRefused("typ " + value, EC.sign("{\"alg\":\"ES256\",\"kid\":\"a\",\"typ\":" + value + "}", CLAIMS));
			}
			assertRefused("crit " + value, EC.sign("{\"alg\":\"ES256\",\"kid\":\"a\",\"crit\":" + value + "}", CLAIMS));
			if (!value.equals("true")) {
				assertRefused("b64 " + value, EC.sign("{\"alg\":\"ES256\",\"kid\":\"a\",\"b64\":" + value + "}", CLAIMS));
			}
		}
	}

	/** RFC 7515 section 4: members of the header that are not understood are ignored. */
	@Test
	void ignoresTheRestOfTheHeader() {
		for (String name : List.of("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "cty", "zip", "n", "")) {
			for (String value : List.of("null", "7", "1e400", "99999999999999999999", "true", "[]", "{}", "[7]", "\"::\"",
					"{\"kty\":\"oct\"}")) {
				String token = EC.sign("{\"alg\":\"ES256\",\"kid\":\"a\",\"" + name + "\":" + value + "}", CLAIMS);
				assertThat(verdict(verifier("keys"), token)).as("%s %s", name, value).isEqualTo("ok");
				assertThat(verdict(verifier("JWK set"), token)).as("%s %s", name, value).isEqualTo("ok");
			}
		}
	}

	// Base64url: RFC 7515 section 2, RFC 4648 section 3.5.

	private static List<String> spoilt(String part) {
		List<String> spoilt = new ArrayList<>(
				List.of(part + "=", part + "==", "=" + part, part + "A", part + "AAAAA", part + " ", " " + part,
						part + "\n", part + "\r\n", part + "+", part + "/", part + "%3D",
						part + "\u0000", part + "é",
						part + "\uD83D\uDE00", part + "\uD83D"));
		for (String between : List.of("=", " ", "\n", "\t", "+", "/", "*", "!", "\u0000", "\u007f", "é", "\u212A")) {
			spoilt.add(part.substring(0, 4) + between + part.substring(4));
			spoilt.add(part.substring(0, 5) + between + part.substring(6));
		}
		int unused = part.length() % 4 == 2 ? 4 : part.length() % 4 == 3 ? 2 : 0;
		int last = ALPHABET.indexOf(part.charAt(part.length() - 1));
		for (int bits = 1; bits < 1 << unused; bits++) {
			spoilt.add(part.substring(0, part.length() - 1) + ALPHABET.charAt(last | bits));
		}
		return spoilt;
	}

	@Test
	void takesNothingButBase64Url() {
		for (SigningKey key : List.of(SECRET, EC, ED)) {
			for (String claims : List.of(CLAIMS, CLAIMS + " ", CLAIMS + "  ")) {
				String[] parts = key.sign(claims).split("\\.", -1);
				for (String header : spoilt(parts[0])) {
					assertRefused("header " + header, key.signEncoded(header + '.' + parts[1]));
				}
				for (String payload : spoilt(parts[1])) {
					assertRefused("claims " + payload, key.signEncoded(parts[0] + '.' + payload));
				}
				for (String signature : spoilt(parts[2])) {
					assertRefused("signature " + signature, parts[0] + '.' + parts[1] + '.' + signature);
				}
			}
		}
	}

	// Anything else.

	private static String mutated(String token, Random random) {
		StringBuilder text = new StringBuilder(token);
		for (int changes = 1 + random.nextInt(3); changes > 0 && !text.isEmpty(); changes--) {
			int at = random.nextInt(text.length());
			switch (random.nextInt(8)) {
				case 0 -> text.setCharAt(at, ALPHABET.charAt(random.nextInt(64)));
				case 1 -> text.setCharAt(at, (char) random.nextInt(0x180));
				case 2 -> text.deleteCharAt(at);
				case 3 -> text.insert(at, ALPHABET.charAt(random.nextInt(64)));
				case 4 -> text.insert(at, (char) random.nextInt(0x10000));
				case 5 -> text.setLength(at);
				case 6 -> text.append(text, at, text.length());
				default -> text.setCharAt(at, '.');
			}
		}
		return text.toString();
	}

	@Test
	void refusesEveryMutationOfAGoodToken() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (SigningKey key : List.of(SECRET, EC, ED)) {
			String good = key.signAs(key == SECRET ? "s" : key == EC ? "a" : "b", CLAIMS);
			assertThat(verdict(verifier("keys"), good)).isEqualTo("ok");
			for (int i = 0; i < MUTATIONS_OF_A_TOKEN; i++) {
				String bad = mutated(good, random);
				if (!bad.equals(good)) {
					assertThat(verdict(verifier("keys"), bad)).as("seed %d: %s", seed, bad).isEqualTo("token-invalid");
					assertThat(verdict(verifier("JWK set"), bad)).as("seed %d: %s", seed, bad).isEqualTo("token-invalid");
				}
			}
		}
	}

	/** Signed, so that the mutated claims are looked at. */
	@Test
	void hasAVerdictOnEveryMutationOfTheClaims() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		String claims = CLAIMS.replace("}", ",\"nbf\":1,\"iat\":-2.5e3,\"iss\":\"x\",\"n\":[null,{\"a\":9223372036854775808}]}");
		for (int i = 0; i < MUTATIONS_OF_A_TOKEN; i++) {
			String bad = mutated(claims, random);
			assertThat(verdict(verifier("keys"), SECRET.sign(bad))).as("seed %d: %s", seed, bad).matches("ok|token-[a-z-]+");
			assertThat(verdict(verifier("keys"),
					SECRET.sign(mutated("{\"alg\":\"HS256\",\"kid\":\"s\",\"typ\":\"JWT\"}", random), claims)))
					.as("seed %d", seed).matches("ok|token-[a-z-]+");
		}
	}

	@Test
	void neverAsksAnIssuerAboutTextThatCannotBeAToken() {
		int before = issuer.introspections();
		for (String token : List.of("", "\n", "a\nb", "a\u0000", "\u007f", "é", "\uD83D\uDE00", "\uD83D", "x".repeat(8193))) {
			assertThat(verdict(verifier("introspection"), token)).isEqualTo("token-invalid");
		}
		assertThat(issuer.introspections()).isEqualTo(before);
	}

	@Test
	void doesNotBlameADeadIssuerForABadToken() throws Exception {
		try (FakeIssuer dead = new FakeIssuer()) {
			dead.die();
			TokenVerifier verifier = TokenTesting.verifier(settings("jwks.url=" + dead.keysUrl()), new MovableClock());
			VERIFIERS.put("dead JWK set", verifier);
			try {
				for (String token : List.of("bnVsbA.e30.AA", "W10.e30.AA", "e30.e30.AA", EC.sign("{\"alg\":\"none\"}", CLAIMS),
						EC.sign(CLAIMS) + "!",
						EC.signEncoded("eyJhbGciOiJFUzI1NiJ9.e!30"))) {
					assertThat(verdict(verifier, token)).as(token).isEqualTo("token-invalid");
				}
			}
			finally {
				VERIFIERS.remove("dead JWK set").close();
			}
		}
	}
}
