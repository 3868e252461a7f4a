package dev.hawser.token;

import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.JWK;
import dev.hawser.testing.FakeIssuer;
import dev.hawser.testing.SigningKey;
import dev.hawser.token.TokenTesting.MovableClock;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Public keys for which an attacker can sign, or that cost too much, from a file or from an issuer. */
class PublicKeyCheckTests {
	private static final BigInteger ED25519_PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

	// Ed25519.

	/** The eight points whose order divides eight, in each encoding: with either sign, and with a y that is not reduced. */
	static List<String> pointsOfSmallOrder() {
		List<String> points = new ArrayList<>();
		for (String y : List.of("00", "01", "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
				"05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
				"7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7")) {
			for (BigInteger value : List.of(new BigInteger(y, 16), new BigInteger(y, 16).add(ED25519_PRIME))) {
				if (value.bitLength() <= 255) {
					points.add(encoded(value));
					points.add(encoded(value.setBit(255)));
				}
			}
		}
		assertThat(points).hasSize(14);
		return points;
	}

	/** RFC 8032 section 5.1.2. */
	private static String encoded(BigInteger point) {
		byte[] bytes = new byte[32];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = point.shiftRight(8 * i).byteValue();
		}
		return HexFormat.of().formatHex(bytes);
	}

	private static void assertRefusedAsEd25519(String point) throws Exception {
		byte[] bytes = HexFormat.of().parseHex(point);
		JWK jwk = JWK.parse("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + SigningKey.base64(bytes) + "\"}");
		assertThat(VerificationKey.ofJwk(jwk, List.of())).isEmpty();
		String pem = "-----BEGIN PUBLIC KEY-----\n"
				+ Base64.getEncoder().encodeToString(HexFormat.of().parseHex("302a300506032b6570032100" + point))
				+ "\n-----END PUBLIC KEY-----\n";
		assertThatIllegalArgumentException().isThrownBy(() -> VerificationKey.ofPublicKey("a", PublicKeys.read(pem)))
				.withMessageStartingWith("must be a key for RSA");
	}

	@ParameterizedTest
	@MethodSource("pointsOfSmallOrder")
	void refusesAnEd25519KeyOfSmallOrder(String point) throws Exception {
		assertRefusedAsEd25519(point);
	}

	/** Two encodings that are not a point of the curve, and two whose y is not reduced. */
	@ParameterizedTest
	@ValueSource(strings = { "0200000000000000000000000000000000000000000000000000000000000000",
			"0200000000000000000000000000000000000000000000000000000000000080",
			"f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
			"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" })
	void refusesAnEd25519KeyThatIsNone(String point) throws Exception {
		assertRefusedAsEd25519(point);
	}

	/** One signature that fits every message: R is the neutral point, S is zero, and so is the key times anything. */
	@Test
	void refusesATokenThatAnyAttackerCanSign() throws Exception {
		String neutral = encoded(BigInteger.ONE);
		SigningKey honest = SigningKey.of("EdDSA");
		try (FakeIssuer issuer = new FakeIssuer().publish(honest.jwk("good"),
				"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"bad\",\"x\":\""
						+ SigningKey.base64(HexFormat.of().parseHex(neutral)) + "\"}");
				TokenVerifier verifier = TokenTesting.verifier(settings("jwks.url=" + issuer.keysUrl(), "timeout=1m"),
						new MovableClock())) {
			String forged = SigningKey.base64("{\"alg\":\"EdDSA\",\"kid\":\"bad\"}".getBytes(StandardCharsets.UTF_8)) + '.'
					+ SigningKey.base64(TokenTesting.CLAIMS.getBytes(StandardCharsets.UTF_8)) + '.'
					+ SigningKey.base64(HexFormat.of().parseHex(neutral + "00".repeat(32)));
			assertThat(verdict(verifier, honest.signAs("good", TokenTesting.CLAIMS))).isEqualTo("ok");
			assertThat(verdict(verifier, forged)).isEqualTo("token-invalid");
		}
	}

	// RSA.

	private record Rsa(BigInteger modulus, BigInteger exponent) implements RSAPublicKey {
		@Override
		public BigInteger getModulus() {
			return modulus;
		}

		@Override
		public BigInteger getPublicExponent() {
			return exponent;
		}

		@Override
		public String getAlgorithm() {
			return "RSA";
		}

		@Override
		public String getFormat() {
			return "X.509";
		}

		@Override
		public byte[] getEncoded() {
			return new byte[0];
		}
	}

	private static void assertRefused(String label, PublicKey key) {
		assertThatIllegalArgumentException().as(label).isThrownBy(() -> VerificationKey.ofPublicKey("a", key))
				.withMessageStartingWith("must be a key for RSA");
	}

	@Test
	void refusesDegenerateRsaKeys() {
		BigInteger good = ((RSAPublicKey) SigningKey.of("RS256").keys().getPublic()).getModulus();
		BigInteger usual = BigInteger.valueOf(65537);
		for (long exponent : new long[] { -1, 0, 1, 2, 4, 65536 }) {
			assertRefused("exponent " + exponent, new Rsa(good, BigInteger.valueOf(exponent)));
		}
		assertRefused("a long exponent", new Rsa(good, BigInteger.TWO.pow(64).add(BigInteger.ONE)));
		assertRefused("an exponent as long as the modulus", new Rsa(good, good.subtract(BigInteger.TWO)));
		for (int bits : new int[] { 1, 512, 1024, 2047, 8193, 16384, 100_000 }) {
			assertRefused(bits + " bits", new Rsa(BigInteger.TWO.pow(bits - 1).add(BigInteger.ONE), usual));
		}
		assertRefused("an even modulus", new Rsa(good.subtract(BigInteger.ONE), usual));
		for (long factor : new long[] { 3, 5, 7, 11, 743, 751 }) {
			assertRefused("divisible by " + factor, new Rsa(good.multiply(BigInteger.valueOf(factor)), usual));
		}
		assertRefused("negative", new Rsa(good.negate(), usual));
		assertThat(VerificationKey.ofPublicKey("a", new Rsa(good, BigInteger.valueOf(3))).algorithms()).isNotEmpty();
		assertThat(VerificationKey.ofPublicKey("a", new Rsa(good, usual)).algorithms()).isNotEmpty();
	}

	// EC.

	private record Ec(ECPoint point, ECParameterSpec params) implements ECPublicKey {
		@Override
		public ECPoint getW() {
			return point;
		}

		@Override
		public ECParameterSpec getParams() {
			return params;
		}

		@Override
		public String getAlgorithm() {
			return "EC";
		}

		@Override
		public String getFormat() {
			return "X.509";
		}

		@Override
		public byte[] getEncoded() {
			return new byte[0];
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ES256", "ES384", "ES512" })
	void refusesPointsThatAreNotOnTheCurve(String algorithm) {
		ECPublicKey good = (ECPublicKey) SigningKey.of(algorithm).keys().getPublic();
		BigInteger x = good.getW().getAffineX();
		BigInteger y = good.getW().getAffineY();
		BigInteger prime = ((ECFieldFp) good.getParams().getCurve().getField()).getP();
		for (ECPoint point : List.of(ECPoint.POINT_INFINITY, new ECPoint(BigInteger.ZERO, BigInteger.ZERO),
				new ECPoint(x, y.add(BigInteger.ONE)),
				new ECPoint(x.add(prime), y), new ECPoint(x, y.add(prime)), new ECPoint(x, y.subtract(prime)),
				new ECPoint(x.negate(), y))) {
			assertRefused("point", new Ec(point, good.getParams()));
		}
		assertThat(VerificationKey.ofPublicKey("a", new Ec(good.getW(), good.getParams())).algorithms()).isNotEmpty();
	}

	@Test
	void takesEveryGoodKey() {
		for (String algorithm : List.of("RS256", "ES256", "ES384", "ES512", "EdDSA")) {
			for (int i = 0; i < (algorithm.equals("RS256") ? 1 : 50); i++) {
				assertThat(VerificationKey.ofPublicKey("a", SigningKey.of(algorithm).keys().getPublic()).algorithms()).isNotEmpty();
			}
		}
	}
}
