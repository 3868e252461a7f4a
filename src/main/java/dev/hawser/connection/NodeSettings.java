package dev.hawser.connection;

import dev.hawser.settings.SettingCheck;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The name of this instance.
 *
 * @param node name of this instance, part of every connection id: 1 to 253 letters, digits, dots, dashes or underscores, such as
 *     the name of a pod; generated when it is not set
 */
@ConfigurationProperties("hawser")
record NodeSettings(@Nullable String node) {
	private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,253}");

	NodeSettings {
		new SettingCheck("hawser").require(node == null || NODE.matcher(node).matches(),
				"node must be 1 to 253 letters, digits, dots, dashes or underscores; leave it out to have one made.");
	}

	/**
	 * The name of this process: one that the same node has had in no earlier one, since numbers of connections begin at 1 in each,
	 * and no id of a connection may come again.
	 */
	String name() {
		return node != null ? node + '-' + random(6) : random(8);
	}

	private static String random(int length) {
		return UUID.randomUUID().toString().substring(0, length);
	}
}
