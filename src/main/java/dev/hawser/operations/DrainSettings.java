package dev.hawser.operations;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this node is emptied: on SIGTERM, or when an operator asks for it.
 *
 * @param delay   time between readiness going off and the first newcomer turned away, for load balancers that need it
 * @param window  time over which connections are closed, one after the other; less when there are fewer than 50 for each of
 *     its seconds, and 0 for all at once
 * @param timeout time that the last closing handshakes and callbacks have after that, when the server stops
 */
@ConfigurationProperties("hawser.drain")
public record DrainSettings(@DefaultValue("0s") Duration delay, @DefaultValue("20s") Duration window,
		@DefaultValue("10s") Duration timeout) {

	public DrainSettings {
		notNegative("delay", delay, "0s");
		notNegative("window", window, "20s");
		notNegative("timeout", timeout, "10s");
	}

	private static void notNegative(String name, Duration value, String usual) {
		if (value.isNegative()) {
			throw new IllegalArgumentException("hawser.drain." + name + " must not be negative, but is " + value.toMillis()
					+ "ms; the default is " + usual + ".");
		}
	}
}
