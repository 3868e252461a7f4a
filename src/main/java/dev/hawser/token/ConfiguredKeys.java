package dev.hawser.token;

import java.util.ArrayList;
import java.util.List;

/** Makes verification keys of the configured secrets and public keys, and reads the files that the settings name. */
final class ConfiguredKeys {
	private ConfiguredKeys() {
	}

	/**
	 * All configured keys, each with the algorithms that it may be used with.
	 *
	 * @throws IllegalArgumentException when a key cannot be read or is not fit for signatures; the message is a sentence that
	 *     begins with the property
	 */
	static List<VerificationKey> read(TokenSettings settings) {
		List<VerificationKey> keys = new ArrayList<>();
		if (settings.secret() != null) {
			keys.add(VerificationKey.ofSecret(null, settings.secret()));
		}
		for (int i = 0; i < settings.keys().size(); i++) {
			keys.add(read(i, settings.keys().get(i)));
		}
		if (settings.algorithms().isEmpty()) {
			return keys;
		}
		List<VerificationKey> restricted = keys.stream().map(key -> key.restrictedTo(settings.algorithms())).toList();
		if (restricted.stream().anyMatch(key -> key.algorithms().isEmpty())) {
			throw new IllegalArgumentException(TokenSettings.PREFIX
					+ "algorithms has none for one of the configured keys: name one for each kind of key (RS256, ES256, HS256, EdDSA).");
		}
		return restricted;
	}

	private static VerificationKey read(int index, TokenSettings.Key key) {
		if (key.secret() != null) {
			return VerificationKey.ofSecret(key.id(), key.secret());
		}
		String pemOrFile = String.valueOf(key.publicKey());
		try {
			return VerificationKey.ofPublicKey(key.id(), PublicKeys.read(pemOrFile));
		}
		catch (IllegalArgumentException e) {
			throw new IllegalArgumentException(TokenSettings.PREFIX + "keys[" + index + "].public-key " + e.getMessage()
					+ (isPath(pemOrFile) ? " (" + pemOrFile + ")" : "") + '.', e);
		}
	}

	/**
	 * Whether the value is a path that may be logged. A key that was pasted without its first line must not be: it begins with M
	 * and has no dot.
	 */
	private static boolean isPath(String pemOrFile) {
		return (pemOrFile.startsWith("/") || pemOrFile.contains(".")) && !pemOrFile.contains("-----BEGIN")
				&& pemOrFile.chars().noneMatch(Character::isISOControl);
	}
}
