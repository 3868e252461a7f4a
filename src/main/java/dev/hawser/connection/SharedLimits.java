package dev.hawser.connection;

import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.limit.LimitSettings.ConnectionLimit;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of users and of client addresses on all nodes. Without a bean of this type the connections of this node alone
 * count. Any thread may call.
 */
public interface SharedLimits {
	/** Only this node counts. */
	SharedLimits NONE = new SharedLimits() {
		@Override
		public boolean areAskedFor(Hub hub) {
			return false;
		}

		@Override
		public void take(Hub hub, long fd, @Nullable String userId, @Nullable ClientAddress address) {
		}

		@Override
		public @Nullable ConnectionLimit await(long fd) {
			return null;
		}

		@Override
		public void giveBack(long fd) {
		}
	};

	/** Whether a handshake at this hub has to wait for an answer. */
	boolean areAskedFor(Hub hub);

	/**
	 * Takes the places that a connection will need, and gives back what was taken for the same fd before. Does not wait. A place is given
	 * back by {@link #giveBack}, by the connection when it opens, since it counts itself from then on, or after a minute.
	 *
	 * @param fd the number of the connection
	 */
	void take(Hub hub, long fd, @Nullable String userId, @Nullable ClientAddress address);

	/**
	 * Waits, for half a second at most and on virtual threads only, until it is known whether there was a place.
	 *
	 * @return the limit that is reached; null when there was a place, when none was to be taken, and when it is not known in time
	 */
	@Nullable
	ConnectionLimit await(long fd);

	/** There will be no connection with this number. */
	void giveBack(long fd);
}
