package dev.hawser.token;

import static dev.hawser.token.TokenTesting.CLAIMS;
import static dev.hawser.token.TokenTesting.CLOCK;
import static dev.hawser.token.TokenTesting.complaintAbout;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hawser.testing.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How keys are configured, and the messages about bad ones. */
class TokenSettingsTests {
	private static final String PREFIX = "hawser.handshake.token.";
	private static final SigningKey KEY = SigningKey.of("ES256");
	private static final String SECRET = "s".repeat(64);

	@Test
	void readsAPublicKeyFromAFile(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("issuer.pem"), "Some text before it\n" + KEY.pem());
		for (String name : new String[] { file.toString(), "file:" + file }) {
			TokenVerifier verifier = TokenTesting.verifier(settings("keys[0].id=a", "keys[0].public-key=" + name), CLOCK);
			assertThat(verdict(verifier, KEY.sign(CLAIMS))).isEqualTo("ok");
		}
	}

	@Test
	void refusesWhatIsNoPublicKey(@TempDir Path folder) throws Exception {
		String nothing = folder.resolve("missing.pem").toString();
		String text = Files.writeString(folder.resolve("text.pem"), "no key").toString();
		for (String value : new String[] { "", "hunter2", nothing, folder.toString(), "\u0000" }) {
			assertThat(aboutKey(value)).startsWith("names a file that cannot be read");
		}
		for (String value : new String[] { text, KEY.pem().replace("PUBLIC", "PRIVATE"), KEY.pem().replace("-----END", "") }) {
			assertThat(aboutKey(value)).startsWith("must be a public key in PEM");
		}
		assertThat(aboutKey("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")).startsWith("must be a key for RSA");
	}

	@Test
	void namesTheFileOfABadKeyButNoKey(@TempDir Path folder) throws Exception {
		String missing = folder.resolve("missing.pem").toString();
		String text = Files.writeString(folder.resolve("text.pem"), "no key").toString();
		String weak = Files.writeString(folder.resolve("weak.pem"), pem("RSA", 1024)).toString();
		String der = Files.write(folder.resolve("key.der"), KEY.keys().getPublic().getEncoded()).toString();
		for (String path : new String[] { missing, "file:" + missing, text, weak, der, folder.toString(), "missing.pem", "/dev/zero" }) {
			assertThat(aboutKey(path)).endsWith(" (" + path + ").");
		}
		String pasted = Base64.getEncoder().encodeToString(KEY.keys().getPrivate().getEncoded());
		assertThat(aboutKey(pasted)).isEqualTo("names a file that cannot be read.");
		assertThat(aboutKey("-----BEGIN PRIVATE KEY-----\n" + pasted + "\n-----END PRIVATE KEY-----")).doesNotContain(pasted);
	}

	/** Settings are values: comparing or copying them never reads a file. */
	@Test
	void readsNoFileUntilAVerifierIsMade(@TempDir Path folder) throws Exception {
		Path file = folder.resolve("late.pem");
		TokenSettings settings = settings("keys[0].id=a", "keys[0].public-key=" + file);
		assertThat(settings.withSecret(SECRET).keys()).isEqualTo(settings.keys());
		Files.writeString(file, KEY.pem());
		assertThat(verdict(TokenTesting.verifier(settings, CLOCK), KEY.sign(CLAIMS))).isEqualTo("ok");
	}

	@Test
	void refusesWeakAndUnknownKindsOfKeys() throws Exception {
		assertThat(aboutKey(pem("RSA", 1024))).isEqualTo("must be a key for RSA (2048 bits or more), EC (P-256, P-384, P-521) or"
				+ " Ed25519.");
		assertThat(aboutKey(pem("DSA", 2048))).startsWith("must be a key for RSA");
		assertThat(aboutKey(pem("Ed448", 0))).startsWith("must be a key for RSA");
		assertThat(aboutKey(pem("X25519", 0))).startsWith("must be a key for RSA");
	}

	private static String pem(String kind, int bits) throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
		if (bits > 0) {
			generator.initialize(bits);
		}
		KeyPair pair = generator.generateKeyPair();
		return new SigningKey("RS256", null, pair).pem();
	}

	private static String aboutKey(String value) {
		String complaint = complaintAbout("keys[0].id=a", "keys[0].public-key=" + value);
		assertThat(complaint).startsWith(PREFIX + "keys[0].public-key ").endsWith(".");
		return complaint.substring((PREFIX + "keys[0].public-key ").length());
	}

	@Test
	void refusesKeysThatCannotBeToldApart() {
		assertThat(complaintAbout("keys[0].secret=" + SECRET)).startsWith(PREFIX + "keys[0].id is missing");
		assertThat(complaintAbout("keys[0].id= ", "keys[0].secret=" + SECRET)).startsWith(PREFIX + "keys[0].id is missing");
		assertThat(complaintAbout("keys[0].id=a", "keys[0].secret=" + SECRET, "keys[1].id=a", "keys[1].secret=" + SECRET))
				.startsWith(PREFIX + "keys[1].id is missing, or another key has it");
		assertThat(complaintAbout("keys[0].id=a", "keys[0].secret=" + SECRET, "keys[0].public-key=" + KEY.pem()))
				.startsWith(PREFIX + "keys[0] needs either a secret or a public-key");
		assertThat(complaintAbout("keys[0].id=a", "keys[0].secret=short")).startsWith(PREFIX + "keys[0].secret must have at least 32");
	}

	@Test
	void refusesAlgorithmsThatNoKeyHas() {
		assertThat(complaintAbout("secret=" + SECRET, "algorithms=HS256,none")).startsWith(PREFIX + "algorithms may name ");
		assertThat(complaintAbout("keys[0].id=a", "keys[0].public-key=" + KEY.pem(), "algorithms=ES384"))
				.startsWith(PREFIX + "algorithms has none for one of the configured keys");
	}

	@Test
	void showsNoSecret() {
		assertThat(settings("secret=" + SECRET, "keys[0].id=a", "keys[0].secret=" + SECRET).toString()).doesNotContain("ssss")
				.contains("Key[a]");
	}

	@Test
	void trustsNoKeyAndNoIssuerByDefault() {
		assertThat(settings().trustsAKeyOrIssuer()).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> TokenVerifiers.of(settings()));
	}
}
