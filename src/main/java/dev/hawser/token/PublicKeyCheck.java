package dev.hawser.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds public keys that are not sound: keys for which signatures can be forged, or with which a check takes long. An issuer
 * publishes such a key by mistake or to do harm.
 */
final class PublicKeyCheck {
	private static final int SHORTEST_RSA_BITS = 2048;
	/** The time for a check grows with the square of the length: about half a millisecond at this one. */
	private static final int LONGEST_RSA_BITS = 8192;
	/** Nearly every key has the exponent 65537; the time for a check grows with the exponent's length. */
	private static final int LONGEST_EXPONENT_BITS = 64;
	private static final BigInteger SMALL_PRIMES = IntStream.rangeClosed(3, 751).mapToObj(BigInteger::valueOf)
			.filter(number -> number.isProbablePrime(20)).reduce(BigInteger.ONE, BigInteger::multiply);

	/** RFC 8032 section 5.1: the prime 2^255 - 19. */
	private static final BigInteger ED25519_PRIME = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
	private static final BigInteger ORDER_EIGHT = new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);
	/** The y of the eight points whose order divides eight: each belongs to one x or to two. */
	private static final Set<BigInteger> SMALL_ORDER = Set.of(BigInteger.ZERO, BigInteger.ONE, ED25519_PRIME.subtract(BigInteger.ONE),
			ORDER_EIGHT, ED25519_PRIME.subtract(ORDER_EIGHT));

	private PublicKeyCheck() {
	}

	/** Whether the key is of a kind that this server knows, and sound. */
	static boolean isSound(PublicKey key) {
		return switch (key) {
			case RSAPublicKey rsa -> isSound(rsa.getModulus(), rsa.getPublicExponent());
			case ECPublicKey ec -> isOnCurve(ec.getW(), ec.getParams().getCurve());
			case EdECPublicKey ed when Ed25519Verifier.supports(ed) -> isSound(ed);
			default -> false;
		};
	}

	/** NIST SP 800-89 section 5.3.3, as far as it costs little. With an exponent of 1 everything is its own signature. */
	private static boolean isSound(BigInteger modulus, BigInteger exponent) {
		return modulus.signum() > 0 && modulus.bitLength() >= SHORTEST_RSA_BITS && modulus.bitLength() <= LONGEST_RSA_BITS
				&& modulus.testBit(0)
				&& exponent.testBit(0) && exponent.compareTo(BigInteger.ONE) > 0 && exponent.bitLength() <= LONGEST_EXPONENT_BITS
				&& modulus.gcd(SMALL_PRIMES).equals(BigInteger.ONE);
	}

	/** NIST SP 800-56A section 5.6.2.3.4. The accepted curves have no point of small order but the one at infinity. */
	private static boolean isOnCurve(ECPoint point, EllipticCurve curve) {
		if (point.equals(ECPoint.POINT_INFINITY) || !(curve.getField() instanceof ECFieldFp field)) {
			return false;
		}
		BigInteger prime = field.getP();
		BigInteger x = point.getAffineX();
		BigInteger y = point.getAffineY();
		return isBelow(prime, x) && isBelow(prime, y) && y.multiply(y).mod(prime)
				.equals(x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()).mod(prime));
	}

	/**
	 * RFC 8032 section 5.1.3 and 5.1.7. With a key of small order one signature fits many messages or all of them. The JDK checks
	 * only when the key is used whether the point exists.
	 */
	private static boolean isSound(EdECPublicKey key) {
		BigInteger y = key.getPoint().getY();
		if (!isBelow(ED25519_PRIME, y) || SMALL_ORDER.contains(y)) {
			return false;
		}
		try {
			Signature.getInstance("Ed25519").initVerify(key);
			return true;
		}
		catch (GeneralSecurityException e) {
			return false;
		}
	}

	private static boolean isBelow(BigInteger prime, BigInteger coordinate) {
		return coordinate.signum() >= 0 && coordinate.compareTo(prime) < 0;
	}
}
