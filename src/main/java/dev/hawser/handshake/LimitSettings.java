package dev.hawser.handshake;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much one client may ask for.
 *
 * @param headerSize        bytes of a request's line and headers together, 1KB to 1MB; more is answered with 431
 * @param headerCount       headers of a request, at least 1; more are answered with 431
 * @param subprotocolLength bytes of Sec-WebSocket-Protocol, in which a token may ride, at most headerSize; more is answered
 *     with 431
 */
@ConfigurationProperties("hawser.limits")
public record LimitSettings(@DefaultValue("8KB") DataSize headerSize, @DefaultValue("100") int headerCount,
		@DefaultValue("4KB") DataSize subprotocolLength) {
	private static final DataSize SMALLEST_HEAD = DataSize.ofKilobytes(1);
	private static final DataSize LARGEST_HEAD = DataSize.ofMegabytes(1);

	public LimitSettings {
		if (headerSize.compareTo(SMALLEST_HEAD) < 0 || headerSize.compareTo(LARGEST_HEAD) > 0) {
			throw new IllegalArgumentException("hawser.limits.header-size must be between 1KB and 1MB, but is " + headerSize
					+ "; the default is 8KB.");
		}
		if (headerCount < 1) {
			throw new IllegalArgumentException("hawser.limits.header-count must be at least 1, but is " + headerCount
					+ "; the default is 100.");
		}
		if (subprotocolLength.isNegative()) {
			throw new IllegalArgumentException("hawser.limits.subprotocol-length must not be negative, but is " + subprotocolLength
					+ "; the default is 4KB.");
		}
	}
}
