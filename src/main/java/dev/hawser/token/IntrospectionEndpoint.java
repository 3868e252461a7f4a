package dev.hawser.token;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the issuer tells what a token is worth (RFC 7662 section 2), to those who show a name and a password of their own. */
final class IntrospectionEndpoint implements AutoCloseable {
	private final IssuerClient client;
	private final URI url;
	private final String authorization;
	private final OutageLog log;

	IntrospectionEndpoint(IssuerClient client, String url, String clientId, String clientSecret) {
		this.client = client;
		this.url = URI.create(url);
		// RFC 6749 section 2.3.1: both are encoded like a form before they are put together
		this.authorization = "Basic " + Base64.getEncoder()
				.encodeToString((encoded(clientId) + ':' + encoded(clientSecret)).getBytes(StandardCharsets.UTF_8));
		this.log = new OutageLog("tokens at " + url);
	}

	/**
	 * Blocks until the answer is there.
	 *
	 * @return the token's claims; null when it is not active
	 * @throws IOException when there is no answer in time, or none that can be understood
	 */
	@Nullable
	Claims ask(String token) throws IOException {
		HttpRequest request = HttpRequest.newBuilder(url).header("Accept", "application/json").header("Authorization", authorization)
				.header("Content-Type", "application/x-www-form-urlencoded")
				.POST(HttpRequest.BodyPublishers.ofString("token=" + encoded(token) + "&token_type_hint=access_token")).build();
		try {
			Claims claims = read(client.ask(request));
			log.answered();
			return claims;
		}
		catch (IOException e) {
			log.failed(String.valueOf(e.getMessage()));
			throw e;
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
