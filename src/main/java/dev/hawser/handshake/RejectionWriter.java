package dev.hawser.handshake;

import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;

/**
 * Writes an answer that is not a 101. Always with a length and {@code Connection: close}, so that a client or a proxy that
 * had prepared for an upgrade does not wait for more. HTTP/2 knows no {@code Connection}: Jetty leaves it out there.
 */
final class RejectionWriter {
	private RejectionWriter() {
	}

	/** A problem document (RFC 9457). */
	static void problem(ServerHttpResponse response, int status, String reason, String detail, Map<String, String> headers)
			throws IOException {
		byte[] body = ProblemDocument.of(status, detail, reason).json();
		headers.forEach(response.getHeaders()::set);
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		write(response, status, body);
	}

	/**
	 * What a callback answered.
	 *
	 * @param toConnect whether to a CONNECT, of which any 2xx would be an acceptance (RFC 9110 section 9.3.6): it becomes 403
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
