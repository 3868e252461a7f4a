package dev.hawser.cluster;

import dev.hawser.api.Target;
import java.util.Set;

/** Targets as bytes. */
final class TargetCodec {
	private static final int CONNECTION = 1;
	private static final int USER = 2;
	private static final int GROUP = 3;
	private static final int HUB = 4;

	private TargetCodec() {
	}

	static void write(WireWriter out, Target target) {
		switch (target) {
			case Target.Connection one -> out.octet(CONNECTION).optional(one.hub()).text(one.connectionId());
			case Target.User user -> narrowed(out.octet(USER).optional(user.hub()).text(user.userId()), user);
			case Target.Group group -> narrowed(out.octet(GROUP).text(group.hub()).text(group.name()), group);
			case Target.Hub hub -> narrowed(out.octet(HUB).text(hub.name()), hub);
		}
	}

	private static void narrowed(WireWriter out, Target.Several target) {
		out.texts(target.excluded()).texts(target.filters());
	}

	static Target read(WireReader in) {
		int kind = in.octet();
		return switch (kind) {
			case CONNECTION -> new Target.Connection(in.optional(), in.text());
			case USER -> new Target.User(in.optional(), in.text(), names(in), names(in));
			case GROUP -> new Target.Group(in.text(), in.text(), names(in), names(in));
			case HUB -> new Target.Hub(in.text(), names(in), names(in));
			default -> throw new UnreadableException("a target has an unknown kind");
		};
	}

	private static Set<String> names(WireReader in) {
		return Set.copyOf(in.texts());
	}
}
