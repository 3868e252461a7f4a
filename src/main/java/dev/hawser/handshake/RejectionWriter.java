package dev.hawser.handshake;

import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;

/**
 * Writes an answer that is not a 101. The answer always has a length and {@code Connection: close}, so that a client or a proxy
 * that expected an upgrade does not wait for more. HTTP/2 has no {@code Connection} header, and Jetty leaves it out there.
 */
final class RejectionWriter {
	private RejectionWriter() {
	}

	/** Writes a problem document (RFC 9457). */
	static void problem(ServerHttpResponse response, int status, String reason, String detail, Map<String, String> headers)
			throws IOException {
		byte[] body = ProblemDocument.of(status, detail, reason).json();
		headers.forEach(response.getHeaders()::set);
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		write(response, status, body);
	}

	/**
	 * Writes the answer of a callback.
	 *
	 * @param toConnect whether the request is a CONNECT. For a CONNECT any 2xx would accept (RFC 9110 section 9.3.6), so a 2xx
	 *     becomes 403
	 */
	static void answer(ServerHttpResponse response, HandshakeAnswer answer, boolean toConnect) throws IOException {
		answer.headers().forEach((name, values) -> values.forEach(value -> response.getHeaders().add(name, value)));
		write(response, toConnect && answer.status() / 100 == 2 ? 403 : answer.status(), answer.body());
	}

	private static void write(ServerHttpResponse response, int status, byte[] body) throws IOException {
		HttpHeaders headers = response.getHeaders();
		String connection = headers.getFirst(HttpHeaders.CONNECTION);
		headers.set(HttpHeaders.CONNECTION, connection == null ? "close" : connection + ", close");
		headers.setContentLength(body.length);
		headers.setCacheControl("no-store");
		response.setStatusCode(HttpStatusCode.valueOf(status));
		response.getBody().write(body);
		response.flush();
	}
}
