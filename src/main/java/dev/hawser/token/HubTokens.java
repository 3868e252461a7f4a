package dev.hawser.token;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for clients that are signed with other keys than those of a hub's settings. Declared as a bean; called by many threads at once.
 */
@FunctionalInterface
public interface HubTokens {

	/** The tokens for clients of one hub. */
	OfHub of(String hub);

	/** The tokens of all of these, which are asked in their order. */
	static HubTokens of(List<HubTokens> all) {
		return hub -> {
			List<OfHub> each = all.stream().map(one -> one.of(hub)).toList();
			return new OfHub() {
				@Override
				public @Nullable Found find(String address, String token) throws InvalidTokenException {
					for (OfHub one : each) {
						Found found = one.find(address, token);
						if (found != null) {
							return found;
						}
					}
					return null;
				}

				@Override
				public boolean isMeantBy(VerifiedToken verified) {
					return each.stream().anyMatch(one -> one.isMeantBy(verified));
				}

				@Override
				public boolean admits(String page, String token) {
					return each.stream().anyMatch(one -> one.admits(page, token));
				}
			};
		};
	}

	/** The tokens for clients of one hub. */
	@FunctionalInterface
	interface OfHub {
		/** No tokens at all. */
		OfHub NONE = new OfHub() {
			@Override
			public @Nullable Found find(String address, String token) {
				return null;
			}

			@Override
			public boolean isMeantBy(VerifiedToken verified) {
				return false;
			}
		};

		/**
		 * Verifies a token without waiting for anything.
		 *
		 * @param address the URL of the client's request
		 * @return what the token says; null when none of these keys has signed it
		 * @throws InvalidTokenException when one of these keys has signed it, but it is not good for this hub now
		 */
		@Nullable
		Found find(String address, String token) throws InvalidTokenException;

		/** Whether a token that a hub's own verifier has accepted says that it may be one of these, so that {@link #find} has to be asked, too. */
		default boolean isMeantBy(VerifiedToken verified) {
			return true;
		}

		/** Whether a page of this origin, which the settings do not allow, may connect with this token. */
		default boolean admits(String page, String token) {
			return false;
		}
	}

	/**
	 * A good token.
	 *
	 * @param groups    groups that the connection joins when it opens
	 * @param roles     roles of the connection
	 * @param clockSkew time for which the token is accepted after its end, since clocks may differ
	 */
	record Found(VerifiedToken token, Set<String> groups, Set<String> roles, Duration clockSkew) {
	}
}
