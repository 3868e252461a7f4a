package dev.hawser.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /actuator/nodes}: the nodes of the cluster, as this node knows them. There is none without a configured Redis. */
@WebEndpoint(id = "nodes")
public final class NodesEndpoint {
	private final Cluster cluster;

	NodesEndpoint(Cluster cluster) {
		this.cluster = cluster;
	}

	/**
	 * @param self        the name of this node
	 * @param redis       {@code up}, or {@code away} while this node serves its own clients only
	 * @param nodes       the nodes that take part, this one included
	 * @param incompatible nodes of a version that this one does not understand, which get nothing from it
	 * @param waiting     letters for other nodes that are under way
	 * @param registering users and groups whose last change Redis does not know yet
	 * @param inboxDelay  milliseconds from this node to itself through its inbox
	 */
	public record Known(String self, String redis, List<Node> nodes, Set<String> incompatible, int waiting, int registering,
			long inboxDelay) {
	}

	/**
	 * @param state       what the node says of itself: {@code up} or {@code draining}
	 * @param version     of what the node writes
	 * @param connections open on the node, about a second ago
	 * @param silent      milliseconds since the node has last been heard of; after about ten seconds it is buried
	 */
	public record Node(String name, String state, int version, long connections, long silent) {
	}

	/** What this node knows now. */
	@ReadOperation
	public Known nodes() {
		ClusterNodes nodes = cluster.clusterNodes();
		List<Node> all = new ArrayList<>();
		NodeRecord own = nodes.ownRecord();
		all.add(new Node(nodes.self(), own.state(), own.version(), own.connections(), 0));
		nodes.table().seen().forEach((name, seen) -> all.add(new Node(name, seen.record().state(), seen.record().version(),
				seen.record().connections(), Duration.ofNanos(nodes.now() - seen.since()).toMillis())));
		all.sort(Comparator.comparing(Node::name));
		return new Known(nodes.self(), nodes.isUp() ? "up" : "away", all, new TreeSet<>(nodes.table().foreign()),
				cluster.forwarder().size(),
				cluster.registrations().waiting(), nodes.probe().delay().toMillis());
	}
}
