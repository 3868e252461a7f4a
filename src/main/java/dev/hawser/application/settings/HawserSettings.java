package dev.hawser.application.settings;

import dev.hawser.application.hub.HubEndpoint;
import dev.hawser.application.hub.HubSettings;
import dev.hawser.callback.CallbackSettings;
import dev.hawser.connection.ConnectionSettings;
import dev.hawser.handshake.HandshakeSettings;
import dev.hawser.http.RequestSettings;
import dev.hawser.http.proxy.ClientAddressSettings;
import dev.hawser.operations.DrainSettings;
import dev.hawser.operations.OperationsSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set under {@code hawser.}; an unknown property stops the start.
 *
 * @param handshake       who may open a connection
 * @param connection      how every connection is run
 * @param hubs            named endpoints, each with its own path and rules; {@code default} exists out of the box
 * @param callbacks       how callbacks are called
 * @param request         what the head of a request may cost
 * @param clientAddress   how the address of the real client is found behind proxies
 * @param operations      who may operate this node
 * @param drain           how this node is emptied
 * @param reloadInterval  how often the configuration files are read anew; 0 only when {@code /actuator/reload} is called
 * @param node            name of this instance, part of every connection id: 1 to 253 letters, digits, dots, dashes or underscores, such
 *     as the name of a pod; a random one is made when it is missing
 */
@ConfigurationProperties(prefix = "hawser", ignoreUnknownFields = false)
public record HawserSettings(@DefaultValue @NestedConfigurationProperty HandshakeSettings handshake,
		@DefaultValue @NestedConfigurationProperty ConnectionSettings connection,
		@DefaultValue Map<String, HubSettings> hubs,
		@DefaultValue @NestedConfigurationProperty CallbackSettings callbacks,
		@DefaultValue @NestedConfigurationProperty ClientAddressSettings clientAddress,
		@DefaultValue @NestedConfigurationProperty RequestSettings request,
		@DefaultValue @NestedConfigurationProperty OperationsSettings operations,
		@DefaultValue @NestedConfigurationProperty DrainSettings drain, @DefaultValue("0s") Duration reloadInterval,
		@Nullable String node) {
	private static final Pattern HUB = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
	private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,253}"); // names of pods, too;

	public HawserSettings {
		if (node != null && !NODE.matcher(node).matches()) {
			throw new IllegalArgumentException("hawser.node must be 1 to 253 letters, digits, dots, dashes or underscores; leave it"
					+ " out to have one made.");
		}
		if (reloadInterval.isNegative()) {
			throw new IllegalArgumentException("hawser.reload-interval must not be negative, but is " + reloadInterval.toMillis()
					+ "ms; 0 turns it off.");
		}
		Set<String> paths = new HashSet<>();
		hubs.forEach((name, hub) -> checkPaths(name, hub, paths));
	}

	/** The names of hubs, all of them good ones. */
	static Set<String> checkedNames(Set<String> names) {
		if (!names.stream().allMatch(HUB.asMatchPredicate())) {
			throw new IllegalArgumentException("hawser.hubs has a hub whose name is not 1 to 63 letters, digits, dashes or underscores,"
					+ " beginning with a letter.");
		}
		return names;
	}

	private static void checkPaths(String name, HubSettings hub, Set<String> paths) {
		for (String path : HubEndpoint.paths(name, hub)) {
			if (!paths.add(path)) {
				throw new IllegalArgumentException("hawser.hubs." + name + ".path is the path of another hub: give each its own.");
			}
		}
	}

	/** The same with these hubs. */
	HawserSettings with(Map<String, HubSettings> named) {
		return new HawserSettings(handshake, connection, named, callbacks, clientAddress, request, operations, drain,
				reloadInterval, node);
	}
}
