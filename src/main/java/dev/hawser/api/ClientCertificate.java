package dev.hawser.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A client's TLS certificate, when TLS asks for one ({@code server.ssl.client-auth}). It has been checked against the trust store.
 *
 * @param subject     the subject's distinguished name, as RFC 2253 writes it: {@code CN=alice,O=Example}
 * @param fingerprint SHA-256 of the certificate, 64 hexadecimal digits in lower case
 * @param certificate the whole certificate
 */
public record ClientCertificate(String subject, String fingerprint, X509Certificate certificate) {

	/** The first certificate of a chain, which is the client's own; null without a chain. */
	public static @Nullable ClientCertificate of(@Nullable Object chain) {
		return chain instanceof X509Certificate[] certificates && certificates.length > 0 ? of(certificates[0]) : null;
	}

	private static ClientCertificate of(X509Certificate certificate) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
			return new ClientCertificate(certificate.getSubjectX500Principal().getName(), HexFormat.of().formatHex(digest), certificate);
		}
		catch (NoSuchAlgorithmException | CertificateEncodingException e) {
			throw new IllegalStateException("TLS has just used this certificate", e);
		}
	}
}
