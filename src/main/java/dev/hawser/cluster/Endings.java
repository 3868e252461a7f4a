package dev.hawser.cluster;

import dev.hawser.push.RemotePush.Trouble;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Tells owners how take-overs have ended, which they wait for: again and again until an owner has it, or is no node any more. Safe for any
 * thread.
 */
final class Endings {
	private final Nodes nodes;
	private final Forwarder forwarder;
	private final Queue<Ending> untold = new ConcurrentLinkedQueue<>();

	private record Ending(long number, String owner, Step step) {
	}

	Endings(Nodes nodes, Forwarder forwarder) {
		this.nodes = nodes;
		this.forwarder = forwarder;
	}

	void tell(long number, String owner, Step step) {
		tell(new Ending(number, owner, step));
	}

	private void tell(Ending ending) {
		forwarder.send(new Letter.Moving(ending.number, ending.step), ending.owner, sent -> {
			if (sent.trouble() != Trouble.NONE && nodes.isLive(ending.owner)) {
				untold.add(ending);
			}
		});
	}

	/** Called about ten times a second while letters can be sent. */
	void tick() {
		for (int count = untold.size(); count > 0; count--) {
			tell(Objects.requireNonNull(untold.poll()));
		}
	}

	/** Those not told yet are not told any more. */
	void forget() {
		untold.clear();
	}
}
