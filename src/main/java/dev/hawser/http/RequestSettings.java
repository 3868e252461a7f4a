package dev.hawser.http;

import dev.hawser.settings.SettingCheck;
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
	private static final SettingCheck CHECK = new SettingCheck("hawser.request");
	private static final DataSize SMALLEST_HEAD = DataSize.ofKilobytes(1);
	private static final DataSize LARGEST_HEAD = DataSize.ofMegabytes(1);

	public RequestSettings {
		CHECK.positive("timeout", timeout, "the default is 10s");
		CHECK.between("header-size", headerSize, SMALLEST_HEAD, LARGEST_HEAD, "1KB and 1MB", "the default is 8KB");
		CHECK.positive("header-count", headerCount, "the default is 100");
	}

	public HeadLimits limits() {
		return new HeadLimits((int) headerSize.toBytes(), headerCount);
	}
}
