package dev.hawser.application.hub;

import dev.hawser.connection.Hub;
import dev.hawser.http.upgrade.HandshakeRoutes;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/**
 * The paths of a hub and the endpoint that answers there.
 *
 * @param paths    all paths of the hub, first the one that people are told
 * @param endpoint the endpoint that answers at each path
 */
record HubEndpoint(List<String> paths, HandshakeRoutes.Endpoint endpoint) {
	static final Section<HubSettings> SECTION = Section.ofHubs("", HubSettings.class);
	private static final String CLIENT_PATH = "/client/hubs/";
	private static final String DEFAULT_PATH = "/ws";

	static List<String> paths(String hub, Settings settings) {
		String own = settings.ofHub(hub, SECTION).path();
		String client = CLIENT_PATH + hub;
		if (own != null) {
			return List.of(own, client);
		}
		return hub.equals(Hub.DEFAULT) ? List.of(DEFAULT_PATH, client) : List.of(client);
	}

	/** Whether the path, perhaps behind a prefix, is the one at which clients of Azure Web PubSub look for a hub. */
	static boolean isClientPath(String path) {
		return path.contains(CLIENT_PATH);
	}

	/** Checks that no path belongs to two hubs. */
	static void checkPaths(Settings settings) {
		Set<String> paths = new HashSet<>();
		for (String hub : settings.hubs()) {
			for (String path : paths(hub, settings)) {
				if (!paths.add(path)) {
					throw new IllegalArgumentException("hawser.hubs." + hub + ".path is the path of another hub: give each its own.");
				}
			}
		}
	}

	/**
	 * Registers the paths: with Spring MVC, for every request, and with the short way that handles most requests before Spring MVC.
	 *
	 * @param prefix what stands before each path in a request, such as the context path; empty for nothing
	 */
	void answerOn(WebSocketHandlerRegistry springs, HandshakeRoutes shortWay, String prefix) {
		springs.addHandler(endpoint.handler(), paths.toArray(String[]::new)).setHandshakeHandler(endpoint.handshake())
				.setAllowedOriginPatterns("*") // the origin has been checked: Spring's own check would answer without a body
				.addInterceptors(endpoint.interceptors());
		paths.forEach(path -> shortWay.serve(prefix + path, endpoint));
	}
}
