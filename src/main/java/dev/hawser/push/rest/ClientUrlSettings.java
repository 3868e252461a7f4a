package dev.hawser.push.rest;

import dev.hawser.settings.SettingCheck;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where clients find this server.
 *
 * @param publicUrl URL under which clients know this server, such as https://chat.example.com; tokens that are signed with a key of
 *     the push API may name it as their audience
 */
@ConfigurationProperties("hawser")
record ClientUrlSettings(@Nullable String publicUrl) {

	ClientUrlSettings {
		PublicUrl.check(new SettingCheck("hawser"), "public-url", publicUrl);
	}
}
