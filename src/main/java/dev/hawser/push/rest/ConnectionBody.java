package dev.hawser.push.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hawser.api.ConnectionSnapshot;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection as JSON. Times are in RFC 3339.
 *
 * @param address the client's address without its port; null when it is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConnectionBody(@JsonProperty String connectionId, @JsonProperty @Nullable String userId, @JsonProperty String hub,
		@JsonProperty @Nullable String address, @JsonProperty @Nullable String protocol, @JsonProperty Set<String> groups,
		@JsonProperty Set<String> roles, @JsonProperty String connectedAt, @JsonProperty String lastReceivedAt,
		@JsonProperty String lastSentAt, @JsonProperty ConnectionSnapshot.Traffic traffic, @JsonProperty long queuedBytes) {

	static ConnectionBody of(ConnectionSnapshot found) {
		InetSocketAddress address = found.remoteAddress();
		return new ConnectionBody(found.connectionId(), found.userId(), found.hub(),
				address == null ? null : address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress(),
				found.subprotocol(), found.groups(), found.roles(), found.connectedAt().toString(), found.lastReceivedAt().toString(),
				found.lastSentAt().toString(), found.traffic(), found.queuedBytes());
	}
}
