package dev.hawser.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the head of a request may cost, on any path, before it is known what is asked for.
 *
 * @param timeout     time that a client has from the accepted socket to the end of its request's head, TLS handshake included;
 *     later requests on the same connection have it from their first byte
 * @param headerSize  bytes of a request's line and headers together, 1KB to 1MB; more is answered with 431
 * @param headerCount headers of a request, at least 1; more are answered with 431
 */
@ConfigurationProperties("hawser.request")
public record RequestSettings(@DefaultValue("10s") Duration timeout, @DefaultValue("8KB") DataSize headerSize,
		@DefaultValue("100") int headerCount) {
	private static final DataSize SMALLEST_HEAD = DataSize.ofKilobytes(1);
	private static final DataSize LARGEST_HEAD = DataSize.ofMegabytes(1);

	public RequestSettings {
		if (timeout.toMillis() < 1) {
			throw new IllegalArgumentException("hawser.request.timeout must be at least 1ms, but is " + timeout.toMillis()
					+ "ms; the default is 10s.");
		}
		if (headerSize.compareTo(SMALLEST_HEAD) < 0 || headerSize.compareTo(LARGEST_HEAD) > 0) {
			throw new IllegalArgumentException("hawser.request.header-size must be between 1KB and 1MB, but is " + headerSize
					+ "; the default is 8KB.");
		}
		if (headerCount < 1) {
			throw new IllegalArgumentException("hawser.request.header-count must be at least 1, but is " + headerCount
					+ "; the default is 100.");
		}
	}

	public HeadLimits limits() {
		return new HeadLimits((int) headerSize.toBytes(), headerCount);
	}
}
