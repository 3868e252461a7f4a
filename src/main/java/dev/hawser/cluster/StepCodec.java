package dev.hawser.cluster;

/** Steps as bytes. Numbers of kinds are never used for another kind. */
final class StepCodec {
	private static final int FETCH = 1;
	private static final int GONE = 2;
	private static final int BUSY = 3;
	private static final int OFFER = 4;
	private static final int TURN = 5;
	private static final int CUT = 6;
	private static final int PART = 7;
	private static final int TAKEN = 8;
	private static final int DROPPED = 9;

	private StepCodec() {
	}

	static void write(WireWriter out, Step step) {
		switch (step) {
			case Step.Fetch fetch -> out.octet(FETCH).text(fetch.connectionId()).text(fetch.hub());
			case Step.Gone _ -> out.octet(GONE);
			case Step.Busy _ -> out.octet(BUSY);
			case Step.Offer offer -> out.octet(OFFER).optional(offer.userId()).texts(offer.groups());
			case Step.Turn turn -> out.octet(TURN).text(turn.owner()).texts(turn.sources());
			case Step.Cut(String taker) -> out.octet(CUT).text(taker);
			case Step.Part part -> out.octet(PART).bytes(part.bytes()).number(part.left());
			case Step.Taken _ -> out.octet(TAKEN);
			case Step.Dropped _ -> out.octet(DROPPED);
		}
	}

	static Step read(WireReader in) {
		int kind = in.octet();
		return switch (kind) {
			case FETCH -> new Step.Fetch(in.text(), in.text());
			case GONE -> new Step.Gone();
			case BUSY -> new Step.Busy();
			case OFFER -> new Step.Offer(in.optional(), in.texts());
			case TURN -> new Step.Turn(in.text(), in.texts());
			case CUT -> new Step.Cut(in.text());
			case PART -> new Step.Part(in.bytes(), (int) in.number());
			case TAKEN -> new Step.Taken();
			case DROPPED -> new Step.Dropped();
			default -> throw new UnreadableException("a step has an unknown kind");
		};
	}
}
