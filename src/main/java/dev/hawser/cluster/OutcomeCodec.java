package dev.hawser.cluster;

import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.push.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Outcomes of orders as bytes. */
final class OutcomeCodec {

	private OutcomeCodec() {
	}

	/** A user of another node, of whom only the name is known. */
	private record User(String getName) implements Principal {
		@Override
		public String getName() {
			return getName;
		}
	}

	static void write(WireWriter out, Outcome outcome) {
		out.number(outcome.done()).number(outcome.refused()).optional(outcome.page().next());
		out.each(outcome.page().connections(), OutcomeCodec::write);
		if (!outcome.events().isEmpty()) { // a node that knows no events expects none
			out.texts(outcome.events());
		}
	}

	static Outcome read(WireReader in) {
		long done = in.number();
		long refused = in.number();
		@Nullable
		String next = in.optional();
		ConnectionPage page = new ConnectionPage(in.each(OutcomeCodec::snapshot), next);
		return new Outcome(done, refused, page, in.isAtEnd() ? List.of() : in.texts());
	}

	private static void write(WireWriter out, ConnectionSnapshot one) {
		out.number(one.fd()).text(one.hub()).text(one.connectionId()).text(one.node());
		address(out, one.remoteAddress());
		out.number(one.connectedAt().toEpochMilli()).number(one.lastReceivedAt().toEpochMilli()).number(one.lastSentAt().toEpochMilli());
		ConnectionSnapshot.Traffic traffic = one.traffic();
		out.number(traffic.messagesIn()).number(traffic.bytesIn()).number(traffic.messagesOut()).number(traffic.bytesOut());
		Principal principal = one.principal();
		out.number(one.queuedBytes()).optional(principal == null ? null : principal.getName()).optional(one.userId())
				.optional(one.subprotocol()).texts(one.groups()).texts(one.roles());
	}

	private static void address(WireWriter out, @Nullable InetSocketAddress address) {
		InetAddress known = address == null ? null : address.getAddress();
		out.bytes(known == null ? new byte[0] : known.getAddress()).number(address == null ? 0 : address.getPort());
	}

	private static ConnectionSnapshot snapshot(WireReader in) {
		long fd = in.number();
		String hub = in.text();
		String id = in.text();
		String node = in.text();
		@Nullable
		InetSocketAddress address = address(in);
		Instant connected = Instant.ofEpochMilli(in.number());
		Instant received = Instant.ofEpochMilli(in.number());
		Instant sent = Instant.ofEpochMilli(in.number());
		ConnectionSnapshot.Traffic traffic = new ConnectionSnapshot.Traffic(in.number(), in.number(), in.number(), in.number());
		long queued = in.number();
		@Nullable
		String principal = in.optional();
		return new ConnectionSnapshot(fd, hub, id, node, address, connected, received, sent, traffic, queued,
				principal == null ? null : new User(principal), in.optional(), in.optional(), names(in), names(in));
	}

	private static @Nullable InetSocketAddress address(WireReader in) {
		byte[] bytes = in.bytes();
		int port = (int) in.number();
		try {
			return bytes.length == 0 ? null : new InetSocketAddress(InetAddress.getByAddress(bytes), port);
		}
		catch (UnknownHostException | IllegalArgumentException e) {
			throw new UnreadableException("an address is none");
		}
	}

	private static Set<String> names(WireReader in) {
		return new LinkedHashSet<>(in.texts());
	}
}
