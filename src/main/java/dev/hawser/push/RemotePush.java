package dev.hawser.push;

import dev.hawser.api.Target;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes orders on to the other nodes with connections of a target. Without a bean of this type the node is alone. Any thread may call,
 * and no method waits. Stages complete on a thread that must not be blocked, and fail only when Hawser itself fails. Orders from one
 * thread for one target reach each node in their order.
 */
public interface RemotePush {

	/** Why an order did not get to all nodes. */
	enum Trouble {
		/** It did. */
		NONE,
		/** There is no way to the other nodes now; it was not passed on to some of them. */
		AWAY,
		/** As many orders wait as may; it was not passed on to some nodes. */
		OVERLOADED,
		/** Whether it got to some of the nodes, or was carried out there, is not known. */
		UNKNOWN
	}

	/**
	 * @param nodes   the other nodes that have the order, or have answered it
	 * @param trouble the worst that has happened
	 * @param done    the sum of what the nodes say; 0 when they are not asked
	 * @param refused as {@code done}
	 */
	record Passed(int nodes, Trouble trouble, long done, long refused) {
	}

	/** Passes an order on without waiting for its outcomes. The stage completes when the other nodes are sure to get it. */
	CompletionStage<Passed> tell(Target target, Order order);

	/** Passes an order on, and waits for the outcomes for at most two seconds. */
	CompletionStage<Passed> ask(Target target, Order order);

	/** The other nodes that have, or may have, connections of the target, in no order; null while there is no way to know. */
	CompletionStage<@Nullable List<String>> nodes(Target target);

	/** The outcome on one other node. The stage completes with null when that node does not answer within two seconds. */
	CompletionStage<@Nullable Outcome> ask(String node, Target target, Order order);

	/**
	 * Completes when the other nodes can find the members that groups of these names have here, in whichever hub. Is complete at once when
	 * they can already, or cannot be reached, and after a second at the latest.
	 */
	CompletionStage<Void> known(Collection<String> groups);

	/**
	 * Delivers to connections of this node and passes on, as one step for those who divide the messages of a connection that moves to another
	 * node. Takes no longer than the step.
	 */
	default <T> T together(Supplier<T> step) {
		return step.get();
	}

	/** The name of this node. */
	String self();
}
