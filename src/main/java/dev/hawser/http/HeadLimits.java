package dev.hawser.http;

import dev.hawser.http.proxy.RefusedRequestException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Limits the head of every request. The HTTP/1 parser counts bytes while it reads. Headers are counted when all have been read; the
 * limit on bytes keeps their number small until then.
 *
 * @param bytes most bytes of the request line and the headers together
 * @param count most headers
 */
public record HeadLimits(int bytes, int count) implements HttpConfiguration.Customizer {
	/** A colon, a space and the end of the line. */
	private static final int AROUND_A_HEADER = 4;
	private static final int HTTP2_SLACK = 4;

	/** Applies these limits to all requests of a connection. */
	void applyTo(HttpConfiguration configuration) {
		configuration.setRequestHeaderSize(bytes);
		configuration.addCustomizer(this);
	}

	/**
	 * The limits for HTTP/2. There Jetty ends the whole connection when a head is too large, including the streams of other clients
	 * of the same proxy. Jetty therefore gets a somewhat larger limit, and only the request is refused.
	 */
	HttpConfiguration forHttp2(HttpConfiguration configuration) {
		HttpConfiguration copy = new HttpConfiguration(configuration);
		copy.setRequestHeaderSize(HTTP2_SLACK * bytes);
		return copy;
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		if (request.getHeaders().size() > count) {
			throw new RefusedRequestException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "header-count",
					"The request has more than the " + count + " headers that hawser.request.header-count allows.");
		}
		if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2 && size(request) > bytes) {
			throw tooLarge(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
		}
		return request;
	}

	/** The bytes that the head would have in HTTP/1. */
	private static int size(Request request) {
		int size = request.getHttpURI().getPathQuery().length();
		for (HttpField field : request.getHeaders()) {
			size += field.getName().length() + field.getValue().length() + AROUND_A_HEADER;
		}
		return size;
	}

	static RefusedRequestException tooLarge(int status) {
		return new RefusedRequestException(status, "header-size",
				"The request's line and headers are larger than hawser.request.header-size allows.");
	}
}
