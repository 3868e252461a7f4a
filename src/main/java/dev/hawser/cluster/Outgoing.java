package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.push.RemotePush.Trouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A letter on its way to other nodes, from the call until each of them has it or cannot get it. Used by the thread of the cluster, apart
 * from the constructor.
 */
final class Outgoing {
	final byte[] letter;
	/** Whose nodes get it; null when {@link #to} names one. */
	final @Nullable Target target;
	/** The nodes that get it; null when it goes to those of the target. */
	final @Nullable Set<String> to;
	/** On the clock of the cluster. */
	final long since;
	private final Consumer<Outgoing> done;
	private final Set<String> nodes = new TreeSet<>();
	private Trouble trouble = Trouble.NONE;
	private int open = 1;
	private boolean over;

	/** @param done called once, on the thread of the cluster */
	Outgoing(byte[] letter, @Nullable Target target, @Nullable Set<String> to, long since, Consumer<Outgoing> done) {
		this.letter = letter;
		this.target = target;
		this.to = to;
		this.since = since;
		this.done = done;
	}

	/** It is to go to one more node. */
	void addressed() {
		open++;
	}

	/** All nodes that it is to go to are known. */
	void routed() {
		settle();
	}

	/** A node has it. */
	void arrived(String node) {
		if (!over) {
			nodes.add(node);
			settle();
		}
	}

	/** A node does not get it, or may not. */
	void failed(Trouble why) {
		if (!over) {
			worse(why);
			settle();
		}
	}

	private void settle() {
		if (--open == 0) {
			end();
		}
	}

	private void worse(Trouble why) {
		trouble = why.compareTo(trouble) > 0 ? why : trouble;
	}

	/** Whatever is open now stays so: nothing more is waited for. */
	void giveUp(Trouble why) {
		if (!over) {
			worse(why);
			end();
		}
	}

	private void end() {
		over = true;
		done.accept(this);
	}

	boolean isOver() {
		return over;
	}

	/** The nodes that have it. */
	Set<String> nodes() {
		return nodes;
	}

	Trouble trouble() {
		return trouble;
	}
}
