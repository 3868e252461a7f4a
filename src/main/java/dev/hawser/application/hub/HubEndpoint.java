package dev.hawser.application.hub;

import dev.hawser.connection.Hub;
import dev.hawser.http.upgrade.HandshakeRoutes;
import dev.hawser.http.upgrade.WebSocketEndpoint;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/**
 * Where a hub answers, and what does.
 *
 * @param paths    the first is the one to tell people of
 * @param endpoint what is behind each of them
 */
record HubEndpoint(List<String> paths, WebSocketEndpoint endpoint) {
	static final Section<HubSettings> SECTION = Section.ofHubs("", HubSettings.class);
	private static final String DEFAULT_PATH = "/ws";

	static List<String> paths(String hub, Settings settings) {
		String own = settings.ofHub(hub, SECTION).path();
		return Stream.of(own == null && hub.equals(Hub.DEFAULT) ? DEFAULT_PATH : own, "/client/hubs/" + hub).filter(Objects::nonNull)
				.toList();
	}

	/** No path may belong to two hubs. */
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

	/** From now on it answers: on the short way to the handshake, and on Spring's for every request that does not take that. */
	void answerOn(WebSocketHandlerRegistry springs, HandshakeRoutes shortWay) {
		springs.addHandler(endpoint.handler(), paths.toArray(String[]::new)).setHandshakeHandler(endpoint.handshake())
				.setAllowedOriginPatterns("*") // the origin has been checked: Spring's own check would answer without a body
				.addInterceptors(endpoint.interceptors());
		paths.forEach(path -> shortWay.serve(path, endpoint));
	}
}
