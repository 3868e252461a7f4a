package dev.hawser.upgrade;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.ServerHttpResponse;

/** Jetty's response as Spring's interceptors see it. It is collected, and sent when all have spoken. Used by one thread. */
final class JettyServerHttpResponse implements ServerHttpResponse {
	private final Response response;
	private final HttpHeaders headers = new HttpHeaders();
	private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

	JettyServerHttpResponse(Response response) {
		this.response = response;
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
		HttpFields.Mutable fields = response.getHeaders();
		headers.forEach((name, values) -> fields.put(name, values));
		response.write(true, body.size() == 0 ? null : ByteBuffer.wrap(body.toByteArray()), callback);
	}
}
