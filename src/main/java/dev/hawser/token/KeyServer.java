package dev.hawser.token;

import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the keys that an issuer publishes: a JWK set (RFC 7517 section 5) at a configured URL, or at the URL in the issuer's own
 * configuration (OpenID Connect Discovery 1.0 section 4), which is read again for each fetch since it may change. Every call
 * fetches; used by one thread at a time.
 */
final class KeyServer implements JWKSetSource<SecurityContext> {
	private static final Logger LOG = LoggerFactory.getLogger(KeyServer.class);
	/** Large issuers publish a few dozen. */
	private static final int MOST_KEYS = 200;

	private final IssuerClient client;
	private final @Nullable URI url;
	private final @Nullable String issuer;
	private final OutageLog log;

	/**
	 * @param url    URL of the JWK set; null to find it by discovery
	 * @param issuer the issuer, for discovery
	 */
	KeyServer(IssuerClient client, @Nullable String url, @Nullable String issuer) {
		this.client = client;
		this.url = url == null ? null : URI.create(url);
		this.issuer = issuer;
		this.log = new OutageLog("the keys of tokens (" + this + ')');
	}

	/** Whether the last fetch succeeded. */
	boolean answering() {
		return !log.isOutage();
	}

	@Override
	public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator ignored, long now, @Nullable SecurityContext context)
			throws JWKSetRetrievalException {
		try {
			JWKSet keys = fetch();
			log.answered();
			return keys;
		}
		catch (IOException | IllegalArgumentException e) {
			log.failed(e instanceof IOException ? String.valueOf(e.getMessage()) : "its jwks_uri is no URL");
			throw new JWKSetRetrievalException("No keys", e);
		}
	}

	private JWKSet fetch() throws IOException {
		Map<String, @Nullable Object> json = client.get(url != null ? url : discover(Objects.requireNonNull(issuer)));
		List<JWK> keys = new ArrayList<>();
		if (json.get("keys") instanceof List<?> entries) {
			if (entries.size() > MOST_KEYS) {
				throw new IOException("its answer has more than " + MOST_KEYS + " keys");
			}
			entries.forEach(entry -> addTo(keys, entry));
		}
		if (keys.isEmpty()) {
			throw new IOException("its answer has no public key");
		}
		return new JWKSet(keys);
	}

	/** RFC 7517 section 5: an entry that is not understood is skipped. */
	@SuppressWarnings("unchecked") // of a JSON object
	private static void addTo(List<JWK> keys, @Nullable Object entry) {
		try {
			if (entry instanceof Map<?, ?> object && JWK.parse((Map<String, Object>) object) instanceof AsymmetricJWK key) {
				keys.add((JWK) key);
			}
		}
		catch (ParseException | RuntimeException e) {
			LOG.debug("An entry of the key set is skipped: it is not a key of a known kind");
		}
	}

	private URI discover(String issuer) throws IOException {
		String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
		Map<String, @Nullable Object> configuration = client.get(URI.create(base + "/.well-known/openid-configuration"));
		// OpenID Connect Discovery 1.0 section 4.3: the issuer in the answer must be exactly the configured one
		if (!issuer.equals(configuration.get("issuer")) || !(configuration.get("jwks_uri") instanceof String keys)) {
			throw new IOException("its configuration is for another issuer, or has no jwks_uri");
		}
		return URI.create(keys);
	}

	@Override
	public void close() {
		client.close();
	}

	@Override
	public String toString() {
		return url != null ? url.toString() : "issuer " + issuer;
	}
}
