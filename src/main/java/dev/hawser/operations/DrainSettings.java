package dev.hawser.operations;

import dev.hawser.settings.SettingCheck;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this node is drained, on SIGTERM or when an operator asks for it.
 *
 * @param delay   time between readiness going off and the first new connection that is refused, for load balancers that need it
 * @param window  time over which connections are closed one after the other; shorter when there are fewer than 50 connections for
 *     each second, and 0 to close all at once
 * @param timeout time that the last closing handshakes and callbacks may take after the window, when the server stops, and in which
 *     reliable clients may go on to another node: as long as hawser.reliable.window
 */
@ConfigurationProperties("hawser.drain")
public record DrainSettings(@DefaultValue("0s") Duration delay, @DefaultValue("20s") Duration window,
		@DefaultValue("30s") Duration timeout) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.drain");

	public DrainSettings {
		CHECK.notNegative("delay", delay, "the default is 0s");
		CHECK.notNegative("window", window, "the default is 20s");
		CHECK.notNegative("timeout", timeout, "the default is 30s");
	}
}
