package dev.hawser.application.settings;

import dev.hawser.settings.SettingCheck;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When the configuration is read again.
 *
 * @param reloadInterval how often the configuration files are read again; with 0 they are read again only when /actuator/reload is
 *     called
 */
@ConfigurationProperties("hawser")
record ReloadSettings(@DefaultValue("0s") Duration reloadInterval) {
	ReloadSettings {
		new SettingCheck(SettingsReader.ROOT).notNegative("reload-interval", reloadInterval, "0 turns it off");
	}
}
