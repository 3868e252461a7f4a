package dev.hawser.api;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The answer to an opening handshake, before it is sent. {@code status(101).end()} accepts; {@code end} with any other status
 * rejects. Headers and cookies set here are sent with either answer. Used by one thread; cannot be changed after {@link #end()}.
 */
public interface HandshakeResponse {
	/** Name of the attribute that {@link #keepClaims} sets: a {@code Map<String, Object>}. */
	String CLAIMS = "claims";

	/**
	 * Sets the status, which is 400 by default. Only 101 accepts, also over HTTP/2, where the client receives it as the 200 of RFC
	 * 8441. Over HTTP/2 any other 2xx refuses and is sent as 403.
	 *
	 * @throws IllegalArgumentException for anything but 101 and 200 to 599
	 */
	HandshakeResponse status(int code);

	/**
	 * Adds a header. The headers of the 101 itself ({@code Upgrade}, {@code Connection}, {@code Sec-WebSocket-Accept}, {@code
	 * -Version}, {@code -Extensions}) are set by the server and ignored here. {@code Sec-WebSocket-Protocol} works like {@link
	 * #subprotocol}: of a list, the first name that the client offered is used.
	 *
	 * @throws IllegalArgumentException for a line break in name or value
	 */
	HandshakeResponse header(String name, String value);

	/** Adds a cookie. */
	default HandshakeResponse cookie(ResponseCookie cookie) {
		return header(HttpHeaders.SET_COOKIE, cookie.toString());
	}

	/**
	 * Sets the subprotocol of the connection.
	 *
	 * @throws IllegalArgumentException for a name that the client did not offer (RFC 6455 section 4.2.2 forbids it)
	 */
	HandshakeResponse subprotocol(String name);

	/**
	 * Sets the user of the connection, in place of the user that the token names. The limit of connections per user then applies to
	 * this user. An empty name is no user.
	 *
	 * @throws IllegalArgumentException for another name that no user can have, see {@link Names}
	 */
	HandshakeResponse user(String userId);

	/**
	 * Adds groups of the hub that the connection joins when it opens, besides those that the token names. As many are joined as
	 * {@code hawser.connection.limits.groups} allows; further ones are ignored.
	 *
	 * @throws IllegalArgumentException for a name that no group can have, see {@link Names}
	 */
	HandshakeResponse groups(Collection<String> names);

	/**
	 * Adds roles of the connection, besides those that the token names.
	 *
	 * @throws IllegalArgumentException for a name that no role can have, see {@link Names#requireRole}
	 */
	HandshakeResponse roles(Collection<String> names);

	/** The connection does not join the groups that the token names (claim {@code webpubsub.group} of the push API's contract). */
	HandshakeResponse withoutTokenGroups();

	/** The connection does not get the roles that the token names (claim {@code role} of the push API's contract). */
	HandshakeResponse withoutTokenRoles();

	/** Sets an attribute of the connection; every later callback finds it in {@link WebSocketServer#attributes}. */
	HandshakeResponse attribute(String name, Object value);

	/**
	 * Keeps claims of the token for the life of the connection: those of the names that the token has become a map in the attribute
	 * {@link #CLAIMS}. Without this call the claims are dropped after the handshake.
	 */
	HandshakeResponse keepClaims(String... names);

	/** Accepts: {@code status(101).end()}. */
	default void accept() {
		status(101).end();
	}

	/** Completes the answer. */
	default void end() {
		end("");
	}

	/** Completes the answer with this body, in UTF-8; a 101 has no body. */
	default void end(String text) {
		end(text.getBytes(StandardCharsets.UTF_8));
	}

	/** Completes the answer with this body; a 101 has no body. */
	void end(byte[] bytes);
}
