package dev.hawser.cluster;

import dev.hawser.connection.Move;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection on its way to another node. Used under the lock of {@link HandOvers}. */
final class HandOver {
	final Key key;
	final Move move;
	final @Nullable String userId;
	final Set<String> groups;
	/** On the clock of the cluster. */
	final long since;
	final Set<String> cuts = new HashSet<>();
	/** The nodes that must have cut; null when that is not known yet. */
	@Nullable
	Set<String> sources;
	/** Whether nothing keeps it any more. */
	boolean leaving;
	/** Whether the connection has left this node, and it is not known yet whether the taker has it. */
	boolean left;
	/** What goes to the taker; null before it has been packed. Read by any thread. */
	volatile @Nullable Shipment shipment;

	/** A take-over of another node. */
	record Key(String taker, long number) {
	}

	HandOver(Key key, Move move, long since) {
		this.key = key;
		this.move = move;
		this.userId = move.connection().userId();
		this.groups = move.connection().groups();
		this.since = since;
	}

	boolean isCut() {
		return sources != null && cuts.containsAll(sources);
	}

	/** Whether the taker has registered everything that it needs. */
	boolean isAsOffered(@Nullable String user, Set<String> now) {
		return groups.containsAll(now) && Objects.equals(userId, user);
	}
}
