package dev.hawser.cluster;

import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.push.Order;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** Orders as bytes. Numbers of kinds are never used for another kind. */
final class OrderCodec {
	private static final int SEND = 1;
	private static final int CLOSE = 2;
	private static final int PING = 3;
	private static final int JOIN = 4;
	private static final int LEAVE = 5;
	private static final int LEAVE_ALL = 6;
	private static final int PERMIT = 7;
	private static final int FORBID = 8;
	private static final int IS_PERMITTED = 9;
	private static final int RENEW = 10;
	private static final int REVOKE = 11;
	private static final int REVOKE_TOKEN = 12;
	private static final int COUNT = 13;
	private static final int PAGE = 14;
	private static final int WATCH = 15;

	private OrderCodec() {
	}

	static void write(WireWriter out, Order order) {
		switch (order) {
			case Order.Send send -> {
				FrameCodec.write(out.octet(SEND).number(send.millis()), send.message());
				String once = send.once();
				if (once != null) { // at the end, where a reader that does not know it leaves it out
					out.text(once);
				}
			}
			case Order.Close(CloseStatus status) -> out.octet(CLOSE).number(status.getCode()).optional(status.getReason());
			case Order.Ping _ -> out.octet(PING);
			case Order.Join join -> out.octet(JOIN).texts(join.groups());
			case Order.Leave leave -> out.octet(LEAVE).texts(leave.groups());
			case Order.LeaveAll _ -> out.octet(LEAVE_ALL);
			case Order.Permit(Permission permission) -> write(out.octet(PERMIT), permission);
			case Order.Forbid(Permission permission) -> write(out.octet(FORBID), permission);
			case Order.IsPermitted(Permission permission) -> write(out.octet(IS_PERMITTED), permission);
			case Order.Renew(Renewal renewal) -> write(out.octet(RENEW), renewal);
			case Order.Revoke _ -> out.octet(REVOKE);
			case Order.RevokeToken(String tokenId) -> out.octet(REVOKE_TOKEN).text(tokenId);
			case Order.Count _ -> out.octet(COUNT);
			case Order.Page page -> out.octet(PAGE).optional(page.after()).number(page.size());
			case Order.Watch(long after) -> out.octet(WATCH).number(after);
		}
	}

	private static void write(WireWriter out, Permission permission) {
		out.octet(switch (permission.action()) {
			case SEND_TO_GROUP -> 1;
			case JOIN_LEAVE_GROUP -> 2;
		}).optional(permission.group());
	}

	private static void write(WireWriter out, Renewal renewal) {
		Instant end = renewal.endsAt();
		out.optional(renewal.subject()).optional(renewal.tokenId()).optional(end == null ? null : end.toString());
	}

	static Order read(WireReader in) {
		int kind = in.octet();
		return switch (kind) {
			case SEND -> {
				long millis = in.number();
				Frame message = FrameCodec.read(in);
				yield new Order.Send(message, millis, in.isAtEnd() ? null : in.text());
			}
			case CLOSE -> new Order.Close(new CloseStatus((int) in.number(), in.optional()));
			case PING -> new Order.Ping();
			case JOIN -> new Order.Join(in.texts());
			case LEAVE -> new Order.Leave(in.texts());
			case LEAVE_ALL -> new Order.LeaveAll();
			case PERMIT -> new Order.Permit(permission(in));
			case FORBID -> new Order.Forbid(permission(in));
			case IS_PERMITTED -> new Order.IsPermitted(permission(in));
			case RENEW -> new Order.Renew(renewal(in));
			case REVOKE -> new Order.Revoke();
			case REVOKE_TOKEN -> new Order.RevokeToken(in.text());
			case COUNT -> new Order.Count();
			case PAGE -> new Order.Page(in.optional(), (int) in.number());
			case WATCH -> new Order.Watch(in.number());
			default -> throw new UnreadableException("an order has an unknown kind");
		};
	}

	private static Permission permission(WireReader in) {
		Permission.Action action = switch (in.octet()) {
			case 1 -> Permission.Action.SEND_TO_GROUP;
			case 2 -> Permission.Action.JOIN_LEAVE_GROUP;
			default -> throw new UnreadableException("a permission has an unknown kind");
		};
		return new Permission(action, in.optional());
	}

	private static Renewal renewal(WireReader in) {
		@Nullable
		String subject = in.optional();
		@Nullable
		String tokenId = in.optional();
		@Nullable
		String end = in.optional();
		return new Renewal(subject, tokenId, end == null ? null : Instant.parse(end));
	}
}
