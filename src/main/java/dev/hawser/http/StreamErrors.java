package dev.hawser.http;

import java.lang.reflect.Field;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.eclipse.jetty.http2.hpack.internal.MetaDataBuilder;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the effect of a malformed request to its own stream (RFC 9113 section 8.1.1). When Jetty cannot parse a host or an
 * address, it throws in the middle of a header block and ends the whole connection, including the streams of other clients of the
 * same proxy. This class records the error and still reads the rest of the block, since the compression state that all streams
 * share depends on it.
 *
 * <p>It replaces a private part of Jetty's decoder. If that part is not found, a warning is logged at the start, and everything
 * else works.
 */
final class StreamErrors extends MetaDataBuilder {
	private static final Logger LOG = LoggerFactory.getLogger(StreamErrors.class);
	private static final @Nullable Field BUILDER = builder();

	private StreamErrors(int mostBytes) {
		super(mostBytes);
	}

	private static @Nullable Field builder() {
		try {
			Field builder = HpackDecoder.class.getDeclaredField("_builder");
			builder.setAccessible(true);
			return builder;
		}
		catch (ReflectiveOperationException | RuntimeException e) {
			LOG.warn("Malformed requests over HTTP/2 end their whole connection: {}", e.toString());
			return null;
		}
	}

	/** Makes a new HTTP/2 connection limit malformed requests to their streams. */
	static Connection keptIn(Connection connection) {
		HpackDecoder decoder = ((HTTP2Connection) connection).getSession().getParser().getHpackDecoder();
		try {
			if (BUILDER != null) {
				BUILDER.set(decoder, new StreamErrors(decoder.getMaxHeaderListSize()));
			}
		}
		catch (IllegalAccessException e) {
			throw new IllegalStateException("It was made accessible", e);
		}
		return connection;
	}

	@Override
	public void emit(HttpField field) throws HpackException.SessionException {
		try {
			super.emit(field);
		}
		catch (RuntimeException e) {
			streamException("Malformed %s", field.getName());
		}
	}

	@Override
	public MetaData build() throws HpackException.StreamException {
		try {
			return super.build();
		}
		catch (RuntimeException e) {
			throw new HpackException.StreamException(true, false, "Malformed request");
		}
	}
}
