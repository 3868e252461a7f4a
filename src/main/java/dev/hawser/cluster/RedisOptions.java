package dev.hawser.cluster;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

/** How the client of Redis behaves when Redis does not answer: nothing queues without bound, and everything heals soon. */
final class RedisOptions {
	/** The longest time to connect, and to wait for the answer to a command. */
	static final Duration PATIENCE = Duration.ofSeconds(1);
	/** The longest time for which a command that waits for new entries is told to wait. */
	static final Duration LONGEST_READ = Duration.ofSeconds(2);
	private static final int MOST_UNDER_WAY = 50_000;
	/** Commands of one write. */
	private static final int MOST_TOGETHER = 256;

	private RedisOptions() {
	}

	static void apply(ClientOptions.Builder options) {
		options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS).requestQueueSize(MOST_UNDER_WAY)
				.socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).keepAlive(true).build())
				.timeoutOptions(TimeoutOptions.builder().timeoutCommands().timeoutSource(new Patience()).build());
		if (options instanceof ClusterClientOptions.Builder cluster) {
			cluster.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder().adaptiveRefreshTriggersTimeout(PATIENCE)
					.enablePeriodicRefresh(Duration.ofSeconds(10)).build());
		}
	}

	/** The time in which a new connection has to be ready; without it, one on which nothing arrives would be waited for a minute. */
	static void apply(LettuceClientConfiguration.LettuceClientConfigurationBuilder client) {
		client.commandTimeout(PATIENCE);
	}

	static void apply(ClientResources.Builder resources) {
		resources.reconnectDelay(Delay.constant(Duration.ofMillis(200))).nettyCustomizer(new OneWrite());
	}

	/** Commands that wait for the client's thread together are written to the socket together; alone each would be a system call. */
	private static final class OneWrite implements NettyCustomizer {
		@Override
		public void afterChannelInitialized(Channel channel) {
			channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_TOGETHER, true));
		}
	}

	private static final class Patience extends TimeoutOptions.TimeoutSource {
		@Override
		public long getTimeout(RedisCommand<?, ?, ?> command) {
			boolean waits = command.getType() == CommandType.XREAD || command.getType() == CommandType.XREADGROUP;
			return (waits ? LONGEST_READ.plus(PATIENCE) : PATIENCE).toMillis();
		}

		@Override
		public TimeUnit getTimeUnit() {
			return TimeUnit.MILLISECONDS;
		}
	}
}
