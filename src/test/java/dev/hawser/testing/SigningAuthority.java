package dev.hawser.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/**
 * Signs X.509 certificates (RFC 5280) with a key on the curve P-256. It writes their DER itself, since the JDK makes certificates
 * only in its program keytool, whose start costs more than most tests.
 */
final class SigningAuthority {
	private static final int SEQUENCE = 0x30;
	private static final byte[] ECDSA_WITH_SHA256 = der(SEQUENCE, hex("06082A8648CE3D040302"));
	private static final byte[] VERSION_3 = hex("A003020102");
	private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

	/** An authority, as long a chain below it as it likes. */
	static final byte[] AUTHORITY = extension("551D13", hex("30030101FF"));
	/** An authority that signs no other authority. */
	static final byte[] LAST_AUTHORITY = extension("551D13", hex("30060101FF020100"));
	/** The host {@code localhost} and the address 127.0.0.1. */
	static final byte[] LOCALHOST = extension("551D11", der(SEQUENCE, join(
			der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)), der(0x87, hex("7F000001")))));

	private final X500Principal name;
	private final KeyPair keys;

	SigningAuthority(String name) throws GeneralSecurityException {
		this.name = new X500Principal(name);
		this.keys = newKeys();
	}

	static KeyPair newKeys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		return generator.generateKeyPair();
	}

	/** A certificate of this authority's own key, signed with it. */
	X509Certificate certifyItself(byte[] extension) throws GeneralSecurityException {
		return certify(this, extension);
	}

	X509Certificate certify(SigningAuthority below, byte[] extension) throws GeneralSecurityException {
		return certify(below.name, below.keys.getPublic(), Instant.now(), extension);
	}

	/** A certificate of somebody's key, valid for two days from the given instant. */
	X509Certificate certify(X500Principal subject, PublicKey key, Instant from, byte[] extension) throws GeneralSecurityException {
		byte[] validity = der(SEQUENCE, join(time(from), time(from.plus(2, ChronoUnit.DAYS))));
		byte[] serial = der(0x02, new BigInteger(63, new SecureRandom()).toByteArray());
		byte[] toBeSigned = der(SEQUENCE, join(VERSION_3, serial, ECDSA_WITH_SHA256, name.getEncoded(), validity, subject.getEncoded(),
				key.getEncoded(), der(0xA3, der(SEQUENCE, extension))));
		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(keys.getPrivate());
		signature.update(toBeSigned);
		byte[] signed = der(SEQUENCE, join(toBeSigned, ECDSA_WITH_SHA256, der(0x03, join(new byte[1], signature.sign()))));
		return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
	}

	private static byte[] extension(String name, byte[] value) {
		return der(SEQUENCE, join(der(0x06, hex(name)), der(0x04, value)));
	}

	private static byte[] time(Instant instant) {
		return der(0x17, UTC_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
	}

	/** A tag, the length of the value, and the value. */
	private static byte[] der(int tag, byte[] value) {
		int length = value.length;
		byte[] head = length < 0x80 ? new byte[] { (byte) tag, (byte) length }
				: length < 0x100 ? new byte[] { (byte) tag, (byte) 0x81, (byte) length }
						: new byte[] { (byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length };
		return join(head, value);
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.writeBytes(part);
		}
		return all.toByteArray();
	}

	private static byte[] hex(String digits) {
		return HexFormat.of().parseHex(digits);
	}
}
