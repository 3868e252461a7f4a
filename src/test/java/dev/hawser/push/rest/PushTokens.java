package dev.hawser.push.rest;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens as callers of the push API do, and as they should not. */
final class PushTokens {
	static final String KEY = "push-key-push-key-push-key-push-key-push-key-push-key-push-key-0123456789";

	private PushTokens() {
	}

	/** The header with a token for a URL, signed with {@link #KEY}. */
	static String header(String url) {
		return header(KEY, url);
	}

	static String header(String key, String url) {
		return bearer(sign(key, Map.of("aud", url)));
	}

	static String bearer(String token) {
		return "Authorization: Bearer " + token;
	}

	/** A token that lasts a minute, with HS256. */
	static String sign(String key, Map<String, ?> claims) {
		return sign(JWSAlgorithm.HS256, key, claims, Duration.ofMinutes(1));
	}

	/** A token that lasts so long from now on; negative for one that has ended. */
	static String sign(JWSAlgorithm algorithm, String key, Map<String, ?> claims, Duration lifetime) {
		JWTClaimsSet.Builder all = new JWTClaimsSet.Builder().expirationTime(Date.from(Instant.now().plus(lifetime)));
		claims.forEach(all::claim);
		SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), all.build());
		try {
			jwt.sign(new MACSigner(key));
		}
		catch (Exception e) {
			throw new IllegalStateException(e);
		}
		return jwt.serialize();
	}

	/** The token of these JSON texts, with this signature. */
	static String raw(String header, String claims, String signature) {
		return base64(header) + '.' + base64(claims) + '.' + signature;
	}

	/** The signature of a token's first two parts. */
	static String hmac(String key, String signed) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException e) {
			throw new IllegalStateException(e);
		}
	}

	static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}
}
