package dev.hawser.webhook;

import dev.hawser.api.ClientCertificate;
import dev.hawser.api.HandshakeRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the body of {@code connect}: what the client has shown in its handshake, without its token. Each value is a list of texts:
 *
 * <pre>
 *  {"claims":{"sub":["alice"]},"query":{"room":["1"]},"queries":{"room":["1"]},"headers":{"host":["example.com"]},
 *   "subprotocols":["chat.v1"],"clientCertificates":[{"thumbprint":"9F86...","content":"-----BEGIN CERTIFICATE-----..."}]}
 * </pre>
 */
final class ConnectBody {
	private static final JsonMapper JSON = JsonMapper.shared();
	/** Parameters with a token: the one of the handshake, and the one with which a client comes back to its connection. */
	private static final Set<String> TOKENS = Set.of("access_token", "awps_reconnection_token");
	/** Headers that have or may have a token; the subprotocols have a field of their own. */
	private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "sec-websocket-protocol");
	/** The beginnings of headers that only this server may send to a backend. */
	private static final List<String> RESERVED = List.of("ce-", "webhook-", EventHeaders.METADATA);

	private ConnectBody() {
	}

	/** @param tokenCookie name of the cookie that may have the token */
	static byte[] of(HandshakeRequest request, String tokenCookie) {
		Map<String, List<String>> query = new LinkedHashMap<>(request.query());
		query.keySet().removeIf(name -> TOKENS.contains(name.toLowerCase(Locale.ROOT)));
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("claims", claims(request));
		body.put("query", query);
		body.put("queries", query);
		body.put("headers", headers(request, tokenCookie));
		body.put("subprotocols", request.subprotocols());
		body.put("clientCertificates", request.clientCertificate().map(ConnectBody::certificate).stream().toList());
		return JSON.writeValueAsBytes(body);
	}

	private static Map<String, List<String>> claims(HandshakeRequest request) {
		Map<String, List<String>> claims = new LinkedHashMap<>();
		request.claims().forEach((name, value) -> claims.put(name, texts(value).toList()));
		return claims;
	}

	private static Stream<String> texts(@Nullable Object value) {
		return switch (value) {
			case null -> Stream.of();
			case Collection<?> several -> several.stream().flatMap(ConnectBody::texts);
			case Date time -> Stream.of(Long.toString(time.toInstant().getEpochSecond()));
			case Map<?, ?> object -> Stream.of(JSON.writeValueAsString(object));
			default -> Stream.of(value.toString());
		};
	}

	private static Map<String, List<String>> headers(HandshakeRequest request, String tokenCookie) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		request.headers().forEach((name, values) -> {
			String lower = name.toLowerCase(Locale.ROOT);
			if (!SECRET.contains(lower) && RESERVED.stream().noneMatch(lower::startsWith)) {
				headers.put(lower, new ArrayList<>(values));
			}
		});
		headers.computeIfPresent("cookie", (_, lines) -> {
			List<String> others = lines.stream().map(line -> withoutCookie(line, tokenCookie)).filter(line -> !line.isEmpty()).toList();
			return others.isEmpty() ? null : others;
		});
		return headers;
	}

	private static String withoutCookie(String line, String name) {
		return Stream.of(line.split(";", -1)).filter(pair -> !pair.replaceFirst("=.*", "").strip().equals(name)).map(String::strip)
				.collect(Collectors.joining("; "));
	}

	/** A thumbprint is the SHA-1 of the certificate, as Windows shows it; the certificate itself is there for all who need more. */
	private static Map<String, String> certificate(ClientCertificate client) {
		X509Certificate certificate = client.certificate();
		try {
			byte[] encoded = certificate.getEncoded();
			byte[] thumbprint = MessageDigest.getInstance("SHA-1").digest(encoded);
			return Map.of("thumbprint", HexFormat.of().withUpperCase().formatHex(thumbprint), "content", "-----BEGIN CERTIFICATE-----\n"
					+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(encoded) + "\n-----END CERTIFICATE-----\n");
		}
		catch (CertificateEncodingException | NoSuchAlgorithmException e) {
			throw new IllegalStateException("TLS has just used this certificate", e);
		}
	}
}
