package dev.hawser.http;

import dev.hawser.http.proxy.RefusedRequestException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * How large the head of a request may be, whatever it asks for. The parser of HTTP/1 counts bytes while it reads; headers are
 * counted when all have been read, which the first limit keeps from being many.
 *
 * @param bytes of the request's line and its headers
 * @param count of the headers
 */
public record HeadLimits(int bytes, int count) implements HttpConfiguration.Customizer {
	/** A colon, a space and the end of the line. */
	private static final int AROUND_A_HEADER = 4;
	private static final int HTTP2_SLACK = 4;

	/** Holds all requests of a connection to these limits. */
	void applyTo(HttpConfiguration configuration) {
		configuration.setRequestHeaderSize(bytes);
		configuration.addCustomizer(this);
	}

	/**
	 * The same for HTTP/2, where Jetty ends the whole connection over a head that is too large, with the streams of other clients
	 * of the same proxy. So it takes somewhat more, and the request alone is refused.
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

	/** What the head would have in HTTP/1. */
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
