package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;

/** What one node says to another. Several of them make a {@link Batch}. */
sealed interface Letter {

	/** Carry this out. */
	record Tell(Target target, Order order) implements Letter {
	}

	/** Carry this out, and answer under this number. */
	record Ask(long number, Target target, Order order) implements Letter {
	}

	/** The outcome of what was asked under this number. */
	record Reply(long number, Outcome outcome) implements Letter {
	}

	/** What was asked under this number has failed. */
	record Failed(long number) implements Letter {
	}

	/** A node to itself: it hears. */
	record Probe(long number) implements Letter {
	}

	/** Nothing: its batch has a number, by which the other side sees whether one before is missing. */
	record Mark() implements Letter {
	}

	/** A step of a connection's move to another node. Its number is the taker's. */
	record Moving(long number, Step step) implements Letter {
	}

	/** A letter of a newer version, which this node cannot read. */
	record Unknown(int kind) implements Letter {
	}

	/** The letter as bytes. */
	default byte[] bytes() {
		WireWriter out = new WireWriter(64);
		switch (this) {
			case Tell tell -> {
				TargetCodec.write(out.octet(1), tell.target());
				OrderCodec.write(out, tell.order());
			}
			case Ask ask -> {
				TargetCodec.write(out.octet(2).number(ask.number()), ask.target());
				OrderCodec.write(out, ask.order());
			}
			case Reply reply -> OutcomeCodec.write(out.octet(3).number(reply.number()), reply.outcome());
			case Failed failed -> out.octet(4).number(failed.number());
			case Probe probe -> out.octet(5).number(probe.number());
			case Mark _ -> out.octet(6);
			case Moving moving -> StepCodec.write(out.octet(7).number(moving.number()), moving.step());
			case Unknown _ -> throw new IllegalStateException("Only letters of this version are written");
		}
		return out.done();
	}

	/** @throws RuntimeException for bytes that are no letter of this version, or name what this version refuses */
	static Letter read(WireReader in) {
		int kind = in.octet();
		return switch (kind) {
			case 1 -> new Tell(TargetCodec.read(in), OrderCodec.read(in));
			case 2 -> new Ask(in.number(), TargetCodec.read(in), OrderCodec.read(in));
			case 3 -> new Reply(in.number(), OutcomeCodec.read(in));
			case 4 -> new Failed(in.number());
			case 5 -> new Probe(in.number());
			case 6 -> new Mark();
			case 7 -> new Moving(in.number(), StepCodec.read(in));
			default -> new Unknown(kind);
		};
	}
}
