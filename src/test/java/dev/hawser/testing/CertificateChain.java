package dev.hawser.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate for localhost, signed by an intermediate authority, signed by a root; made by the JDK's keytool, once for
 * all tests of a run. The server's key store has the whole chain, a client trusts the root only.
 */
public final class CertificateChain {
	public static final String PASSWORD = "changeit";
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static @Nullable CertificateChain made;

	private final Path folder;
	private int leaves;

	private CertificateChain(Path folder) {
		this.folder = folder;
	}

	public static synchronized CertificateChain make() throws IOException, InterruptedException {
		if (made == null) {
			made = makeIn(Files.createTempDirectory(Path.of("target").toAbsolutePath(), "certificates"));
		}
		return made;
	}

	private static CertificateChain makeIn(Path folder) throws IOException, InterruptedException {
		CertificateChain chain = new CertificateChain(folder);
		chain.key("root", "CN=Test root", "bc:critical=ca:true");
		chain.key("intermediate", "CN=Test intermediate", "bc:critical=ca:true");
		chain.key("server", "CN=localhost", "san=dns:localhost,ip:127.0.0.1");
		chain.export("root");
		chain.sign("intermediate", "root", "bc:critical=ca:true,pathlen:0");
		chain.sign("server", "intermediate", "san=dns:localhost,ip:127.0.0.1");
		chain.takeIn("intermediate", "root", "intermediate");
		chain.takeIn("server", "root", "intermediate", "server");
		return chain;
	}

	/** PKCS12: the server's key with its chain. */
	public Path keyStore() {
		return folder.resolve("server.p12");
	}

	/** PEM: the root's certificate. */
	public Path rootPem() {
		return folder.resolve("root.pem");
	}

	/** Makes another key, certified by the intermediate authority; more arguments go to keytool when it signs. */
	public synchronized Leaf issue(String subject, String... more) throws IOException, InterruptedException {
		String name = "leaf" + ++leaves;
		key(name, subject, "san=dns:localhost,ip:127.0.0.1");
		keytool(name, "-certreq", "-alias", name, "-file", file(name, "csr"));
		List<String> sign = new ArrayList<>(List.of("-gencert", "-alias", "intermediate", "-infile", file(name, "csr"), "-outfile",
				file(name, "pem"), "-rfc", "-ext", "san=dns:localhost,ip:127.0.0.1"));
		sign.addAll(more.length == 0 ? List.of("-validity", "2") : List.of(more));
		keytool("intermediate", sign.toArray(String[]::new));
		takeIn(name, "root", "intermediate", name);
		return new Leaf(name);
	}

	/** A key and its certificate. */
	public final class Leaf {
		private final String name;

		private Leaf(String name) {
			this.name = name;
		}

		private KeyStore store() throws IOException, GeneralSecurityException {
			KeyStore store = KeyStore.getInstance("PKCS12");
			try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
				store.load(in, PASSWORD.toCharArray());
			}
			return store;
		}

		public X509Certificate certificate() throws IOException, GeneralSecurityException {
			return (X509Certificate) store().getCertificate(name);
		}

		/** PEM: the certificate, and those of the authorities above it. */
		public String chainPem() throws IOException {
			return Files.readString(folder.resolve(name + ".pem"));
		}

		/** PEM: the key, in PKCS#8. */
		public String keyPem() throws IOException, GeneralSecurityException {
			byte[] key = store().getKey(name, PASSWORD.toCharArray()).getEncoded();
			return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key) + "\n-----END PRIVATE KEY-----\n";
		}

		/** A key store with both, for a client. */
		public KeyStore keyStore() throws IOException, GeneralSecurityException {
			return store();
		}

		/** For a client that shows this certificate and trusts the root. */
		public SSLContext showing() throws IOException, GeneralSecurityException {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(store(), PASSWORD.toCharArray());
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trustStore());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
			return context;
		}
	}

	/** The properties with which a server uses this chain. */
	public String[] serverProperties(String... more) {
		List<String> all = new ArrayList<>(List.of("server.ssl.enabled=true", "server.ssl.key-store=file:" + keyStore(),
				"server.ssl.key-store-type=PKCS12", "server.ssl.key-store-password=" + PASSWORD, "server.ssl.key-alias=server"));
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	/** A key store with the root and nothing else. */
	public KeyStore trustStore() throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		try (InputStream in = Files.newInputStream(rootPem())) {
			Certificate root = CertificateFactory.getInstance("X.509").generateCertificate(in);
			store.setCertificateEntry("root", root);
		}
		return store;
	}

	/** For a client that trusts the root. */
	public SSLContext trusting() throws IOException, GeneralSecurityException {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trustStore());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

	private void key(String name, String subject, String extension) throws IOException, InterruptedException {
		keytool(name, "-genkeypair", "-alias", name, "-dname", subject, "-ext", extension, "-keyalg", "EC", "-groupname", "secp256r1",
				"-validity", "2");
	}

	private void export(String name) throws IOException, InterruptedException {
		keytool(name, "-exportcert", "-alias", name, "-rfc", "-file", file(name, "pem"));
	}

	private void sign(String name, String signer, String extension) throws IOException, InterruptedException {
		keytool(name, "-certreq", "-alias", name, "-file", file(name, "csr"));
		keytool(signer, "-gencert", "-alias", signer, "-infile", file(name, "csr"), "-outfile", file(name, "pem"), "-rfc", "-ext",
				extension, "-validity", "2");
	}

	private void takeIn(String name, String... certificates) throws IOException, InterruptedException {
		for (String certificate : certificates) {
			keytool(name, "-importcert", "-noprompt", "-alias", certificate, "-file", file(certificate, "pem"));
		}
	}

	private String file(String name, String type) {
		return folder.resolve(name + '.' + type).toString();
	}

	private void keytool(String store, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
		command.addAll(List.of(arguments));
		command.addAll(List.of("-keystore", file(store, "p12"), "-storetype", "PKCS12", "-storepass", PASSWORD));
		Path log = folder.resolve("keytool.log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		if (!process.waitFor(PATIENCE) || process.exitValue() != 0) {
			process.destroyForcibly();
			throw new IOException(String.join(" ", command) + " failed: " + Files.readString(log));
		}
	}
}
