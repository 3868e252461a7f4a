package dev.hawser.cluster;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that Redis runs at once and alone. Its keys are all in one slot.
 *
 * @param text Lua
 * @param sha  the name by which Redis knows it once it has been sent
 * @param type of what it returns
 */
record Script(String text, String sha, ScriptOutputType type) {

	static Script of(ScriptOutputType type, String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
			return new Script(text, HexFormat.of().formatHex(digest), type);
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every JVM has SHA-1", e);
		}
	}
}
