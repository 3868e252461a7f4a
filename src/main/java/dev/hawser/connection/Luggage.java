package dev.hawser.connection;

import dev.hawser.connection.outbox.Unconfirmed;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection takes along to another node. Attributes stay behind.
 *
 * @param connectionId  the connection's name, which it keeps
 * @param hub           the name of its hub
 * @param principal     the name of the user that its token named; null for none
 * @param identity      its user, groups and roles
 * @param ticket        until when its token allows it
 * @param last          the number before that of the first message which has one
 * @param messages      the messages that its client has not confirmed, in order
 * @param ofSubprotocol what its subprotocol remembers
 * @param names         of the last messages that it has and that may be sent again
 */
public record Luggage(String connectionId, String hub, @Nullable String principal, Identity identity, Ticket ticket, long last,
		List<Message> messages, byte[] ofSubprotocol, List<String> names) {

	/**
	 * A message that the client has not confirmed.
	 *
	 * @param payload   as the subprotocol has wrapped it, without its number
	 * @param number    under which it was sent; 0 when it was not sent
	 * @param nanosLeft time for which it is still of use if it was not sent; 0 for no limit
	 */
	public record Message(byte[] payload, long number, long nanosLeft) {
	}

	/** What the connection has now. Under its lock; it has no socket. */
	static Luggage of(LastingConnection connection, Unconfirmed unconfirmed) {
		List<Message> messages = new ArrayList<>();
		long now = System.nanoTime();
		long last = unconfirmed.each((frame, number) -> messages
				.add(new Message(frame.payload(), number, frame.expires() ? Math.max(1, frame.nanosLeft(now)) : 0)));
		Principal principal = connection.getPrincipal();
		String user = connection.userId();
		return new Luggage(connection.getId(), connection.hub().name(), principal == null ? null : principal.getName(),
				new Identity(user == null ? "" : user, connection.groups(), connection.roles()), connection.deadlines.ticket(),
				last, messages, connection.subprotocol().state(connection), connection.sending.names());
	}

	/** Puts the messages there. */
	void unpack(UnconfirmedSending sending, Unconfirmed unconfirmed) {
		names.forEach(sending::remember);
		unconfirmed.takeOver(last);
		long now = System.nanoTime();
		for (Message each : messages) {
			OutgoingFrame frame = new OutgoingFrame(Opcode.TEXT, true, each.payload);
			unconfirmed.takeOver(each.nanosLeft == 0 ? frame : frame.until(now + each.nanosLeft), each.number);
		}
	}

	/** The user of a token that another node has seen. */
	private record Named(String getName) implements Principal {
		@Override
		public String getName() {
			return getName;
		}
	}

	/** The user that the token named; null for none. */
	@Nullable
	Principal user() {
		return principal == null ? null : new Named(principal);
	}

	/** The connection's user; null for none. */
	public @Nullable String userId() {
		String named = identity.userId();
		return named == null || named.isEmpty() ? null : named;
	}

	/** Bytes, approximately. */
	public long size() {
		return messages.stream().mapToLong(message -> message.payload.length + 16L).sum() + ofSubprotocol.length;
	}

	/** Without messages. */
	@Override
	public String toString() {
		return "Luggage[" + connectionId + "]";
	}
}
