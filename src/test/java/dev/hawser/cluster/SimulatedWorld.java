package dev.hawser.cluster;

import java.util.List;
import java.util.Map;

/**
 * What the nodes of a simulation share.
 *
 * @param burials who is buried by whom
 * @param leftOut nodes that did not get what was for their group: they must have another name in the end, or must have ended
 * @param wrong   what must not be, and was
 */
record SimulatedWorld(SimulatedTime time, SimulatedRedis redis, SimulatedPost post, SimulatedBackend backend, SimulatedMeters meters,
		SimulatedBurials burials, Map<String, String> leftOut, List<String> wrong) {
}
