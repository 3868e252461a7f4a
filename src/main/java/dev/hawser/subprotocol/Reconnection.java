package dev.hawser.subprotocol;

import dev.hawser.api.HandshakeRequest;
import dev.hawser.connection.Newcomer;
import dev.hawser.push.ConnectionTokens;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes clients that come back:
 *
 * <pre>
 *  GET /client/hubs/chat?access_token=...&amp;awps_connection_id=node-1&amp;awps_reconnection_token=eyJ...
 *  Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1
 * </pre>
 *
 * Nothing is looked up before the token has been verified, so that a stranger does not learn which connections exist.
 */
final class Reconnection {
	private static final String CONNECTION = "awps_connection_id";
	private static final String TOKEN = "awps_reconnection_token";

	private final ConnectionTokens tokens;
	private final @Nullable Recovery recovery;

	/** @param recovery null on a node that is alone */
	Reconnection(ConnectionTokens tokens, @Nullable Recovery recovery) {
		this.tokens = tokens;
		this.recovery = recovery;
	}

	/** The token for the client of a new connection. It must not get into a log. */
	String token(String connectionId) {
		return tokens.sign(connectionId);
	}

	/** Whether the request asks to go on with a connection that has this subprotocol. */
	static boolean isAskedFor(HandshakeRequest request, String subprotocol) {
		return request.query().containsKey(CONNECTION) && request.query().containsKey(TOKEN)
				&& request.subprotocols().contains(subprotocol);
	}

	/** The id of the connection that the client has proved to be its own; null when it has to begin anew. */
	@Nullable
	String claimed(HandshakeRequest request) {
		String id = request.query().getFirst(CONNECTION);
		String token = request.query().getFirst(TOKEN);
		return id != null && token != null && tokens.isFor(id, token) ? id : null;
	}

	/** Has the client's connection brought here from another node. False when there is none. */
	boolean bringHere(Newcomer newcomer) {
		if (recovery == null) {
			return false;
		}
		recovery.bringHere(newcomer);
		return true;
	}
}
