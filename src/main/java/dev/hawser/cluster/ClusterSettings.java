package dev.hawser.cluster;

import dev.hawser.settings.SettingCheck;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Several nodes as one service. There is a cluster when {@code spring.data.redis.*} names a Redis.
 *
 * @param prefix begins the name of every key in Redis: 1 to 64 letters, digits, dots, dashes, underscores or colons. All nodes of a
 *     cluster have the same; several clusters in one Redis have different ones
 */
@ConfigurationProperties("hawser.cluster")
record ClusterSettings(@DefaultValue("hawser:") String prefix) {
	private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

	ClusterSettings {
		new SettingCheck("hawser.cluster").require(PREFIX.matcher(prefix).matches(),
				"prefix must be 1 to 64 letters, digits, dots, dashes, underscores or colons; the default is hawser:.");
	}
}
