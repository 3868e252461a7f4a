package dev.hawser.cluster;

import dev.hawser.connection.Connections;
import dev.hawser.push.LocalOrders;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What makes this node one of several. Apart from the section, all of it is conditional. */
@Configuration(proxyBeanMethods = false)
class ClusterConfiguration {
	private static final Section<ClusterSettings> SECTION = Section.ofServer("cluster", ClusterSettings.class);

	@Bean("hawserClusterSection")
	static Section<ClusterSettings> section() {
		return SECTION;
	}

	@Bean("hawserRedisOptions")
	@Conditional(RedisConfigured.class)
	LettuceClientOptionsBuilderCustomizer redisOptions() {
		return RedisOptions::apply;
	}

	@Bean("hawserRedisResources")
	@Conditional(RedisConfigured.class)
	ClientResourcesBuilderCustomizer redisResources() {
		return RedisOptions::apply;
	}

	@Bean(name = "hawserRedis", destroyMethod = "close")
	@Conditional(RedisConfigured.class)
	RedisLink redis(Settings settings, LettuceConnectionFactory factory) {
		return new RedisLink("commands", factory.getRequiredNativeClient(), settings.of(SECTION).prefix()).start();
	}

	@Bean(name = "hawserRedisInbox", destroyMethod = "close")
	@Conditional(RedisConfigured.class)
	RedisLink redisOfInbox(Settings settings, LettuceConnectionFactory factory) {
		return new RedisLink("inbox", factory.getRequiredNativeClient(), settings.of(SECTION).prefix()).start();
	}

	@Bean("hawserClusterMeters")
	@Conditional(RedisConfigured.class)
	ClusterMeters clusterMeters(MeterRegistry registry) {
		return new ClusterMeters(registry);
	}

	@Bean(name = "hawserCluster", destroyMethod = "close")
	@Conditional(RedisConfigured.class)
	Cluster cluster(Connections connections, LocalOrders orders, @Qualifier("hawserRedis") RedisLink commands,
			@Qualifier("hawserRedisInbox") RedisLink inbox, Settings settings, ClusterMeters meters) {
		Cluster cluster = new Cluster(connections, orders, new LettuceRedis(commands, inbox), settings::hubs, meters);
		meters.watch(cluster);
		return cluster.start();
	}

	@Bean("hawserNodesEndpoint")
	@Conditional(RedisConfigured.class)
	NodesEndpoint nodesEndpoint(Cluster cluster) {
		return new NodesEndpoint(cluster);
	}

	@Bean("cluster")
	@Conditional(RedisConfigured.class)
	ClusterHealth clusterHealth(Cluster cluster) {
		return new ClusterHealth(cluster.clusterNodes());
	}

	@Bean("hawserNodes")
	@Conditional(RedisConfigured.class)
	Nodes nodes(Cluster cluster) {
		return cluster.nodes();
	}

	@Bean(name = "hawserSharedStores", destroyMethod = "close")
	@Conditional(RedisConfigured.class)
	RedisStores sharedStores(@Qualifier("hawserRedis") RedisLink commands, Nodes nodes) {
		return new RedisStores(new OwedCommands(commands), nodes);
	}
}
