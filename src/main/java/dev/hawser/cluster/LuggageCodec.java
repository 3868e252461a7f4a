package dev.hawser.cluster;

import dev.hawser.connection.Identity;
import dev.hawser.connection.Luggage;
import dev.hawser.connection.Ticket;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection takes along to another node, as bytes.
 *
 * @param ofWebhooks what webhooks keep of it; empty for nothing
 */
record LuggageCodec(Luggage luggage, byte[] ofWebhooks) {

	byte[] bytes() {
		Identity identity = luggage.identity();
		Instant end = luggage.ticket().endsAt();
		WireWriter out = new WireWriter(256 + (int) Math.min(1 << 24, luggage.size())).text(luggage.connectionId()).text(luggage.hub())
				.optional(luggage.principal()).optional(identity.userId()).texts(identity.groups()).texts(identity.roles())
				.optional(luggage.ticket().tokenId()).optional(end == null ? null : end.toString()).number(luggage.last());
		out.each(luggage.messages(), (to, each) -> to.bytes(each.payload()).number(each.number()).number(each.nanosLeft()));
		return out.bytes(luggage.ofSubprotocol()).bytes(ofWebhooks).texts(luggage.names()).done();
	}

	static LuggageCodec read(byte[] bytes) {
		WireReader in = new WireReader(bytes);
		String id = in.text();
		String hub = in.text();
		@Nullable
		String principal = in.optional();
		Identity identity = new Identity(in.optional(), new LinkedHashSet<>(in.texts()), new LinkedHashSet<>(in.texts()));
		@Nullable
		String tokenId = in.optional();
		@Nullable
		String end = in.optional();
		long last = in.number();
		List<Luggage.Message> messages = in.each(one -> new Luggage.Message(one.bytes(), one.number(), one.number()));
		byte[] ofSubprotocol = in.bytes();
		byte[] ofWebhooks = in.bytes();
		List<String> names = in.isAtEnd() ? List.of() : in.texts();
		return new LuggageCodec(new Luggage(id, hub, principal, identity, new Ticket(tokenId, end == null ? null : Instant.parse(end)),
				last, messages, ofSubprotocol, names), ofWebhooks);
	}
}
