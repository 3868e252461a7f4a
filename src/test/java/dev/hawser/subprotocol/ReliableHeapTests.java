package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.Connections;
import dev.hawser.connection.ForgetfulTransport;
import dev.hawser.connection.HandlerTraits;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.connection.OpeningHandshake;
import dev.hawser.connection.StoredRequest;
import dev.hawser.connection.Ticket;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** What an idle client with the reliable subprotocol costs more than a raw one. */
@Tag("heap")
class ReliableHeapTests {
	private static final int CONNECTIONS = 20_000;
	private static final long MOST = 600;
	/** All stay until the end: what one batch leaves behind would be measured with the next. */
	private static final List<WebSocketConnection> KEPT = new ArrayList<>();

	private static final class Silent extends TextWebSocketHandler implements HandlerTraits.Declared {
		private static final HandlerTraits TRAITS = new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), true);

		@Override
		public HandlerTraits traits() {
			return TRAITS;
		}
	}

	@Test
	void costsLittleMoreThanARawClient() {
		try (RunningHawser server = RunningHawser.start(GroupCallbacks.class, "hawser.connection.limits.connections=0")) {
			bytesOfEach(server, JsonReliableSubprotocol.NAME); // loads and initializes what all of them share
			bytesOfEach(server, null);
			long raw = bytesOfEach(server, null);
			long json = bytesOfEach(server, JsonSubprotocol.NAME);
			long reliable = bytesOfEach(server, JsonReliableSubprotocol.NAME);
			System.out.printf("Heap of an idle connection: raw %d, json %d, reliable %d bytes%n", raw, json, reliable);
			assertThat(reliable - raw).isBetween(0L, MOST);
			KEPT.forEach(WebSocketConnection::reset);
			KEPT.clear();
		}
	}

	private static long bytesOfEach(RunningHawser server, @Nullable String subprotocol) {
		Connections connections = server.bean(Connections.class);
		Hub hub = server.bean(Hubs.class).get(Hub.DEFAULT);
		Silent handler = new Silent();
		long before = used();
		for (int i = 0; i < CONNECTIONS; i++) {
			ForgetfulTransport socket = ForgetfulTransport.takingAll();
			KEPT.add(connections.create(new OpeningHandshake(hub, connections.nextFd(),
					StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE, subprotocol, null, new HashMap<>()),
					socket, handler));
			socket.receiver().open();
		}
		return (used() - before) / CONNECTIONS;
	}

	private static long used() {
		Runtime runtime = Runtime.getRuntime();
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
		}
		return used;
	}
}
