package dev.hawser.http.upgrade;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.support.JettyHeadersAdapter;

/** A response as Spring's interceptors see it. The body is collected, and all is sent when all have spoken. Used by one thread. */
final class JettyServerHttpResponse implements ServerHttpResponse {
	private static final byte[] EMPTY = new byte[0];

	private final HttpHeaders headers;
	private int status = HttpStatus.OK_200;
	/** Null while nobody has asked for it: a 101 has none. */
	private @Nullable ByteArrayOutputStream body;

	/** @param fields where the headers are to be put */
	JettyServerHttpResponse(HttpFields.Mutable fields) {
		this.headers = new HttpHeaders(new JettyHeadersAdapter(fields));
	}

	int status() {
		return status;
	}

	byte[] body() {
		return body == null ? EMPTY : body.toByteArray();
	}

	@Override
	public void setStatusCode(HttpStatusCode code) {
		status = code.value();
	}

	@Override
	public HttpHeaders getHeaders() {
		return headers;
	}

	@Override
	public OutputStream getBody() {
		if (body == null) {
			body = new ByteArrayOutputStream();
		}
		return body;
	}

	@Override
	public void flush() {
		// sent whole, by who has made this
	}

	@Override
	public void close() {
		// sent whole, by who has made this
	}
}
