package dev.hawser.push.filter;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection that a test invents. */
record KnownCandidate(@Nullable String userId, String connectionId, @Nullable String protocol, Set<String> names) implements Candidate {
	static final KnownCandidate ANN = new KnownCandidate("ann", "node-17", "json.webpubsub.azure.v1", Set.of("news", "it's"));
	static final KnownCandidate GUEST = new KnownCandidate(null, "node-18", null, Set.of());

	@Override
	public boolean isConnection(String id) {
		return connectionId.equals(id);
	}

	@Override
	public boolean isIn(String group) {
		return names.contains(group);
	}

	@Override
	public int groups() {
		return names.size();
	}
}
