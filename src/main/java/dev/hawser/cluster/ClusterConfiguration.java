package dev.hawser.cluster;

import dev.hawser.connection.Connections;
import dev.hawser.connection.SharedLimits;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.SharedAnswers;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.subprotocol.Recovery;
import dev.hawser.webhook.WebhookLuggage;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
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

	@Bean("hawserRedisConnecting")
	@Conditional(RedisConfigured.class)
	LettuceClientConfigurationBuilderCustomizer redisConnecting() {
		return RedisOptions::apply;
	}

	@Bean("hawserRedisFailures")
	@Conditional(RedisConfigured.class)
	RedisFailures redisFailures(ClusterMeters meters, LettuceConnectionFactory factory) {
		return new RedisFailures(meters).listenTo(factory.getRequiredNativeClient().getResources());
	}

	@Bean(name = "hawserRedis", destroyMethod = "close")
	@Conditional(RedisConfigured.class)
	RedisLink redis(Settings settings, LettuceConnectionFactory factory, RedisFailures failures) {
		return new RedisLink("commands", factory.getRequiredNativeClient(), settings.of(SECTION).prefix(), failures).start();
	}

	@Bean(name = "hawserRedisInbox", destroyMethod = "close")
	@Conditional(RedisConfigured.class)
	RedisLink redisOfInbox(Settings settings, LettuceConnectionFactory factory, RedisFailures failures) {
		return new RedisLink("inbox", factory.getRequiredNativeClient(), settings.of(SECTION).prefix(), failures).start();
	}

	@Bean("hawserClusterMeters")
	@Conditional(RedisConfigured.class)
	ClusterMeters clusterMeters(MeterRegistry registry) {
		return new ClusterMeters(registry);
	}

	@Bean(name = "hawserCluster", destroyMethod = "close")
	@Conditional(RedisConfigured.class)
	Cluster cluster(Connections connections, LocalOrders orders, @Qualifier("hawserRedis") RedisLink commands,
			@Qualifier("hawserRedisInbox") RedisLink inbox, Settings settings, ObjectProvider<WebhookLuggage> webhooks,
			ClusterMeters meters) {
		Cluster cluster = new Cluster(connections, orders, new LettuceRedis(commands, inbox), settings::hubs, webhooks::getObject, meters);
		meters.watch(cluster);
		return cluster.start();
	}

	@Bean("hawserSharedAnswers")
	@Conditional(RedisConfigured.class)
	SharedAnswers sharedAnswers(@Qualifier("hawserRedis") RedisLink commands) {
		return new RedisAnswers(commands);
	}

	@Bean("hawserSharedLimits")
	@Conditional(RedisConfigured.class)
	SharedLimits sharedLimits(Cluster cluster) {
		return cluster.limits();
	}

	@Bean("hawserLeaving")
	@Conditional(RedisConfigured.class)
	Leaving leaving(Cluster cluster) {
		return new Leaving(cluster);
	}

	@Bean("hawserRecovery")
	@Conditional(RedisConfigured.class)
	Recovery recovery(Cluster cluster) {
		return cluster.moves();
	}

	@Bean("hawserLastMoves")
	@Conditional(RedisConfigured.class)
	LastMoves lastMoves(Cluster cluster) {
		return new LastMoves(cluster.moves());
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
		return new RedisStores(new OwedCommands(commands), new RedisLetters(commands), nodes);
	}
}
