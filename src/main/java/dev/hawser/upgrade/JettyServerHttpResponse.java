package dev.hawser.upgrade;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.support.JettyHeadersAdapter;

/** Jetty's response as Spring's interceptors see it. The body is collected, and all is sent when all have spoken. Used by one thread. */
final class JettyServerHttpResponse implements ServerHttpResponse {
	private final Response response;
	private final HttpHeaders headers;
	/** Null while nobody has asked for it: a 101 has none. */
	private @Nullable ByteArrayOutputStream body;

	JettyServerHttpResponse(Response response) {
		this.response = response;
		this.headers = new HttpHeaders(new JettyHeadersAdapter(response.getHeaders()));
	}

	@Override
	public void setStatusCode(HttpStatusCode status) {
		response.setStatus(status.value());
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
		// sent whole, below
	}

	@Override
	public void close() {
		// sent whole, below
	}

	/** Puts everything on the wire; after a 101 Jetty then swaps the connection. */
	void send(Callback callback) {
		response.write(true, body == null ? null : ByteBuffer.wrap(body.toByteArray()), callback);
	}
}
