package dev.hawser.http;

import dev.hawser.settings.SettingCheck;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of a request: of its head, on every path, and of a body that a controller reads.
 *
 * @param timeout     time from the accepted socket to the end of the first request's head, TLS handshake included; for later
 *     requests on the same connection, time from the first byte to the end of the head
 * @param headerSize  most bytes of a request's line and headers together, 1KB to 1MB; a larger head is answered with 431
 * @param headerCount most headers of a request, at least 1; a request with more is answered with 431
 * @param bodySize    most bytes of a request's body that a controller of the application reads; a larger body is answered with 413
 * @param bodyTimeout most time from the end of a request's head to the end of a body that a controller reads
 * @param sniCheck    whether a request over TLS to a host that the server's certificate does not name is refused with 421
 */
@ConfigurationProperties("hawser.request")
record RequestSettings(@DefaultValue("10s") Duration timeout, @DefaultValue("8KB") DataSize headerSize,
		@DefaultValue("100") int headerCount, @DefaultValue("1MB") DataSize bodySize, @DefaultValue("30s") Duration bodyTimeout,
		@DefaultValue("true") boolean sniCheck) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.request");
	private static final DataSize SMALLEST_HEAD = DataSize.ofKilobytes(1);
	private static final DataSize LARGEST_HEAD = DataSize.ofMegabytes(1);

	RequestSettings {
		CHECK.positive("timeout", timeout, "the default is 10s");
		CHECK.between("header-size", headerSize, SMALLEST_HEAD, LARGEST_HEAD, "1KB and 1MB", "the default is 8KB");
		CHECK.positive("header-count", headerCount, "the default is 100");
		CHECK.notNegative("body-size", bodySize, "the default is 1MB, and 0B allows no bodies");
		CHECK.positive("body-timeout", bodyTimeout, "the default is 30s");
	}

	HeadLimits limits() {
		return new HeadLimits((int) headerSize.toBytes(), headerCount);
	}
}
