package dev.hawser.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A certificate for localhost, signed by an intermediate authority, signed by a root; made once for all tests of a run. The
 * server's key store has the whole chain, a client trusts the root only.
 */
public final class CertificateChain {
	public static final String PASSWORD = "changeit";

	private static @Nullable CertificateChain made;

	private final SigningAuthority intermediate = new SigningAuthority("CN=Test intermediate");
	private final X509Certificate rootCertificate;
	private final X509Certificate intermediateCertificate;
	private final Path keyStore;
	private final Path rootPem;

	private CertificateChain(Path folder) throws IOException, GeneralSecurityException {
		SigningAuthority root = new SigningAuthority("CN=Test root");
		rootCertificate = root.certifyItself(SigningAuthority.AUTHORITY);
		intermediateCertificate = root.certify(intermediate, SigningAuthority.LAST_AUTHORITY);
		rootPem = Files.writeString(folder.resolve("root.pem"), pem("CERTIFICATE", rootCertificate.getEncoded()));
		keyStore = folder.resolve("server.p12");
		try (OutputStream out = Files.newOutputStream(keyStore)) {
			issue("CN=localhost").storeWithRoot().store(out, PASSWORD.toCharArray());
		}
	}

	public static synchronized CertificateChain make() throws IOException, GeneralSecurityException {
		if (made == null) {
			made = new CertificateChain(Files.createTempDirectory(Path.of("target").toAbsolutePath(), "certificates"));
		}
		return made;
	}

	private static String pem(String type, byte[] content) {
		String lines = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
	}

	/** PKCS12: the server's key with its chain. */
	public Path keyStore() {
		return keyStore;
	}

	/** PEM: the root's certificate. */
	public Path rootPem() {
		return rootPem;
	}

	/** Makes another key, certified by the intermediate authority for two days. */
	public Leaf issue(String subject) throws GeneralSecurityException {
		return issue(subject, Instant.now());
	}

	/** Makes another key, whose certificate was valid last week. */
	public Leaf issueExpired(String subject) throws GeneralSecurityException {
		return issue(subject, Instant.now().minus(10, ChronoUnit.DAYS));
	}

	private Leaf issue(String subject, Instant from) throws GeneralSecurityException {
		KeyPair keys = SigningAuthority.newKeys();
		return new Leaf(keys,
				intermediate.certify(new X500Principal(subject), keys.getPublic(), from, SigningAuthority.LOCALHOST));
	}

	/** A key and its certificate. */
	public final class Leaf {
		private static final String ALIAS = "server";

		private final KeyPair keys;
		private final X509Certificate certificate;

		private Leaf(KeyPair keys, X509Certificate certificate) {
			this.keys = keys;
			this.certificate = certificate;
		}

		public X509Certificate certificate() {
			return certificate;
		}

		/** PEM: the certificate, and that of the intermediate authority. */
		public String chainPem() throws GeneralSecurityException {
			return pem("CERTIFICATE", certificate.getEncoded()) + pem("CERTIFICATE", intermediateCertificate.getEncoded());
		}

		/** PEM: the key, in PKCS#8. */
		public String keyPem() {
			return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
		}

		/** A key store with both, for a client. */
		public KeyStore keyStore() throws IOException, GeneralSecurityException {
			return store(certificate, intermediateCertificate);
		}

		private KeyStore storeWithRoot() throws IOException, GeneralSecurityException {
			return store(certificate, intermediateCertificate, rootCertificate);
		}

		private KeyStore store(Certificate... chain) throws IOException, GeneralSecurityException {
			KeyStore store = emptyStore();
			store.setKeyEntry(ALIAS, keys.getPrivate(), PASSWORD.toCharArray(), chain);
			return store;
		}

		/** For a client that shows this certificate and trusts the root. */
		public SSLContext showing() throws IOException, GeneralSecurityException {
			KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			factory.init(keyStore(), PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(factory.getKeyManagers(), trust().getTrustManagers(), null);
			return context;
		}
	}

	/** The properties with which a server uses this chain. */
	public String[] serverProperties(String... more) {
		List<String> all = new ArrayList<>(List.of("server.ssl.enabled=true", "server.ssl.key-store=file:" + keyStore(),
				"server.ssl.key-store-type=PKCS12", "server.ssl.key-store-password=" + PASSWORD, "server.ssl.key-alias=" + Leaf.ALIAS));
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	/** A key store with the root and nothing else. */
	public KeyStore trustStore() throws IOException, GeneralSecurityException {
		KeyStore store = emptyStore();
		store.setCertificateEntry("root", rootCertificate);
		return store;
	}

	/** For a client that trusts the root. */
	public SSLContext trusting() throws IOException, GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust().getTrustManagers(), null);
		return context;
	}

	private TrustManagerFactory trust() throws IOException, GeneralSecurityException {
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trustStore());
		return factory;
	}

	private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		return store;
	}
}
