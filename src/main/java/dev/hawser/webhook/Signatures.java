package dev.hawser.webhook;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The signatures of events, one for each secret: {@code sha256=<hex>,sha256=<hex>} over the connection's id, as the contract has it,
 * and {@code v1,<base64> v1,<base64>} over id, time and body, as Standard Webhooks have it.
 */
final class Signatures {
	private final List<Secret> secrets;

	Signatures(List<String> secrets) {
		this.secrets = secrets.stream().map(Secret::new).toList();
	}

	/** Whether events are signed. */
	boolean any() {
		return !secrets.isEmpty();
	}

	/** The value of {@code ce-signature}. */
	String ofConnection(String connectionId) {
		return secrets.stream().map(secret -> "sha256=" + HexFormat.of().formatHex(secret.signed(connectionId)))
				.collect(Collectors.joining(","));
	}

	/** The value of {@code webhook-signature}. */
	String ofMessage(String id, String timestamp, byte[] body) {
		String before = id + '.' + timestamp + '.';
		return secrets.stream().map(secret -> "v1," + Base64.getEncoder().encodeToString(secret.signed(before, body)))
				.collect(Collectors.joining(" "));
	}
}
