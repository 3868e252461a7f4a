package dev.hawser.token;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the issuer's introspection endpoint about a token (RFC 7662 section 2), with the client id and the secret of this server.
 */
final class IntrospectionEndpoint implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(IntrospectionEndpoint.class);
	/**
	 * Statuses that count as "not active". RFC 7662 section 2.2 requires {@code active: false} for a malformed token, but some
	 * issuers answer with one of these. A client that sends nonsense must not make the issuer look unavailable.
	 */
	private static final Set<Integer> FAULTS_OF_A_TOKEN = Set.of(400, 413, 414, 422, 431);

	private final IssuerClient client;
	private final URI url;
	private final String authorization;
	private final OutageLog log;
	private final AtomicBoolean refusalNoted = new AtomicBoolean();

	IntrospectionEndpoint(IssuerClient client, String url, String clientId, String clientSecret) {
		this.client = client;
		this.url = URI.create(url);
		// RFC 6749 section 2.3.1: client id and secret are form-encoded before they are joined
		this.authorization = "Basic " + Base64.getEncoder()
				.encodeToString((encoded(clientId) + ':' + encoded(clientSecret)).getBytes(StandardCharsets.UTF_8));
		this.log = new OutageLog("tokens at " + url);
	}

	/**
	 * Asks about one token and blocks until the answer is there.
	 *
	 * @return the token's claims; null when it is not active
	 * @throws IOException when no answer comes in time, or one that cannot be understood
	 */
	@Nullable
	Claims ask(String token) throws IOException {
		try {
			Claims claims = read(client.post(url, authorization, "token=" + encoded(token) + "&token_type_hint=access_token"));
			log.answered();
			return claims;
		}
		catch (IssuerAnswer.UnexpectedStatusException e) {
			if (FAULTS_OF_A_TOKEN.contains(e.status())) {
				noteRefusal(e.status());
				return null;
			}
			log.failed(String.valueOf(e.getMessage()));
			throw e;
		}
		catch (IOException e) {
			log.failed(String.valueOf(e.getMessage()));
			throw e;
		}
	}

	private void noteRefusal(int status) {
		if (!refusalNoted.getAndSet(true)) {
			LOG.warn("The introspection endpoint {} answers {} about a token, and the token is refused. If it does so for every token,"
					+ " then hawser.handshake.token.introspection.url, client-id or client-secret is wrong", url, status);
		}
	}

	private static @Nullable Claims read(Map<String, @Nullable Object> answer) throws IOException {
		if (!(answer.get("active") instanceof Boolean active)) {
			throw new IOException("its answer does not say whether the token is active");
		}
		if (!active) {
			return null;
		}
		try {
			Map<String, @Nullable Object> claims = new HashMap<>(answer);
			claims.remove("active");
			return Claims.of(claims);
		}
		catch (ParseException e) {
			throw new IOException("its answer has a claim of the wrong type");
		}
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		client.close();
	}
}
