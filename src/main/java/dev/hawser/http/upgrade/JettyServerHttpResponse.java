package dev.hawser.http.upgrade;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.support.JettyHeadersAdapter;

/**
 * A response for Spring's interceptors. The body is collected, and everything is sent when all interceptors have run. Used by one
 * thread.
 */
final class JettyServerHttpResponse implements ServerHttpResponse {
	private static final byte[] EMPTY = new byte[0];

	private static final int AROUND_A_HEADER = 4;

	private final HttpFields.Mutable fields;
	private final int mostHeaderBytes;
	private final HttpHeaders headers;
	private int status = HttpStatus.OK_200;
	/** Null until it is first used: a 101 has no body. */
	private @Nullable ByteArrayOutputStream body;

	/**
	 * @param fields          the headers of the response are put here
	 * @param mostHeaderBytes most bytes of all headers together
	 */
	JettyServerHttpResponse(HttpFields.Mutable fields, int mostHeaderBytes) {
		this.fields = fields;
		this.mostHeaderBytes = mostHeaderBytes;
		this.headers = new HttpHeaders(new JettyHeadersAdapter(fields));
	}

	/** Whether the current headers are small enough to be sent. */
	boolean headersFit() {
		long bytes = 0;
		for (HttpField field : fields) {
			bytes += field.getName().length() + String.valueOf(field.getValue()).length() + AROUND_A_HEADER;
		}
		return bytes <= mostHeaderBytes;
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
		// the body is sent as a whole, by the code that made this object
	}

	@Override
	public void close() {
		// the body is sent as a whole, by the code that made this object
	}
}
