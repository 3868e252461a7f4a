package dev.hawser.http;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Objects;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * Uses a changed SSL bundle for new connections, which Spring Boot does for other servers but not for Jetty. Open connections keep
 * their TLS session and are not affected. Called by the thread that watches the files.
 */
final class CertificateReload {
	private static final Logger LOG = LoggerFactory.getLogger(CertificateReload.class);
	private static final byte[] SAMPLE = new byte[32];

	private final String name;
	private final SslContextFactory live;

	CertificateReload(String name, SslContextFactory live) {
		this.name = name;
		this.live = live;
	}

	/** Uses the new bundle, or keeps the old one and logs why. */
	void update(SslBundle bundle) {
		try {
			check(bundle);
			live.reload(factory -> use(factory, bundle.getStores()));
			LOG.info("SSL bundle '{}' has changed: new connections get the new certificate", name);
		}
		catch (Exception e) {
			LOG.error("SSL bundle '{}' has changed but cannot be used, the old certificate stays in use: {}", name, e.getMessage());
		}
	}

	private static void use(SslContextFactory factory, SslStoreBundle stores) {
		factory.setKeyStore(stores.getKeyStore());
		factory.setTrustStore(stores.getTrustStore());
	}

	/** Checks for everything that would prevent a start with the bundle, and for a certificate that no client would accept. */
	private static void check(SslBundle bundle) throws Exception {
		SslStoreBundle stores = bundle.getStores();
		KeyStore keys = Objects.requireNonNull(stores.getKeyStore(), "it has no key");
		String password = bundle.getKey().getPassword() != null ? bundle.getKey().getPassword() : stores.getKeyStorePassword();
		for (String alias : Collections.list(keys.aliases())) {
			if (keys.isKeyEntry(alias) && keys.getCertificate(alias) instanceof X509Certificate certificate) {
				certificate.checkValidity();
				PrivateKey key = (PrivateKey) keys.getKey(alias, password == null ? null : password.toCharArray());
				if (!belong(key, certificate.getPublicKey())) {
					throw new InvalidKeyException("its key is not the key of its certificate");
				}
			}
		}
		bundle.createSslContext();
	}

	private static boolean belong(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
		String algorithm = switch (key.getAlgorithm()) {
			case "RSA" -> "SHA256withRSA";
			case "EC" -> "SHA256withECDSA";
			case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
			default -> null;
		};
		if (algorithm == null) {
			return true; // no client of today would ask for this
		}
		Signature signature = Signature.getInstance(algorithm);
		signature.initSign(key);
		signature.update(SAMPLE);
		byte[] signed = signature.sign();
		signature.initVerify(certified);
		signature.update(SAMPLE);
		return signature.verify(signed);
	}
}
