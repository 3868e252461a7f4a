package dev.hawser.subprotocol;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.Names;
import dev.hawser.api.Permission;
import dev.hawser.connection.HandlerTraits;
import dev.hawser.connection.OpeningHandshake;
import dev.hawser.connection.Subprotocol;
import dev.hawser.connection.WebSocketConnection;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Sends all messages of a raw client to one group, when its address says {@code ?webpubsub_mode=sendToGroup&group=room-1}, and not
 * to the sender itself with {@code &noEcho}. The client needs the role for it, which is checked for each message.
 */
final class RawGroupSender implements Subprotocol {
	private static final String MODE = "webpubsub_mode";
	private static final String SEND_TO_GROUP = "sendToGroup";
	private static final String SEND_EVENT = "sendEvent";
	private static final Set<String> NO_ECHO = Set.of("", "true", "false");
	private static final CloseStatus FORBIDDEN = new CloseStatus(1008, "no permission to send to this group");

	private final Clients clients;

	/** What the address says. */
	private record Mode(String group, boolean noEcho) {
	}

	RawGroupSender(Clients clients) {
		this.clients = clients;
	}

	/** None, so that no client can agree on it. */
	@Override
	public String name() {
		return "";
	}

	@Override
	public @Nullable String objection(HandshakeRequest request) {
		MultiValueMap<String, String> query = request.query();
		String mode = query.getFirst(MODE);
		if (mode == null || mode.equalsIgnoreCase(SEND_EVENT)) {
			return null;
		}
		if (!mode.equalsIgnoreCase(SEND_TO_GROUP)) {
			return "webpubsub_mode must be sendEvent or sendToGroup.";
		}
		String group = query.getFirst("group");
		if (group == null) {
			return "webpubsub_mode=sendToGroup needs a group: add &group=<name>.";
		}
		String objection = Names.objection(group);
		if (objection != null) {
			return "The group of webpubsub_mode=sendToGroup " + objection;
		}
		String noEcho = Objects.requireNonNullElse(query.getFirst("noEcho"), "false").toLowerCase(Locale.ROOT);
		if (!NO_ECHO.contains(noEcho)) {
			return "noEcho must be true, false, or without a value.";
		}
		request.attributes().put(MODE, new Mode(group, !noEcho.equals("false")));
		return null;
	}

	@Override
	public boolean isMeantBy(OpeningHandshake opening) {
		return opening.attributes().get(MODE) instanceof Mode;
	}

	@Override
	public void opened(WebSocketConnection connection) {
		connection.keep(Objects.requireNonNull(connection.getAttributes().remove(MODE)));
	}

	@Override
	public void received(WebSocketConnection connection, WebSocketMessage<?> message, Application application) {
		switch (message) {
			case TextMessage text -> send(connection, Frame.text(text.getPayload()));
			case HandlerTraits.ArrayMessage bytes -> send(connection, Frame.binary(bytes.data()));
			case BinaryMessage bytes -> send(connection, Frame.binary(bytes.getPayload().array()));
			default -> application.message(message); // a control frame that the application wants to see
		}
	}

	private void send(WebSocketConnection connection, Frame message) {
		Mode mode = (Mode) Objects.requireNonNull(connection.kept());
		if (Permission.sendToGroup(mode.group()).isGivenBy(connection.roles())) {
			var _ = new GroupMessage(mode.group(), message, mode.noEcho(), Duration.ZERO).sendBy(connection, clients);
		}
		else {
			connection.close(FORBIDDEN);
		}
	}
}
