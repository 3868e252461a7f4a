package dev.hawser.cluster;

import dev.hawser.testing.RedisServer;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;

/** Connections of tests to a real Redis, with the options of the server. */
final class RedisClients implements AutoCloseable {
	private final ClientResources resources;
	private final RedisClient client;
	private final RedisLink link;

	private RedisClients(RedisServer server, String prefix) {
		DefaultClientResources.Builder common = DefaultClientResources.builder();
		RedisOptions.apply(common);
		resources = common.build();
		client = RedisClient.create(resources, RedisURI.create("localhost", server.port()));
		ClientOptions.Builder options = ClientOptions.builder();
		RedisOptions.apply(options);
		client.setOptions(options.build());
		link = new RedisLink("test", client, prefix, new RedisFailures(new ClusterMeters(new SimpleMeterRegistry()))).start();
	}

	static RedisClients of(RedisServer server) {
		RedisClients clients = new RedisClients(server, "hawser:");
		Awaitility.await().until(clients.link::isUp);
		return clients;
	}

	RedisLink link() {
		return link;
	}

	@Override
	public void close() {
		link.close();
		client.shutdown();
		var _ = resources.shutdown();
	}
}
