package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.push.RemotePush;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RunningHawser;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A node alone has nothing of the cluster, and nothing of Redis. */
class WithoutRedisTests {

	@Test
	void makesNothingOfIt() {
		RunningHawser running = RunningHawser.shared(NoCallbacks.class);
		assertThat(running.context().getBeanNamesForType(RemotePush.class)).isEmpty();
		assertThat(Arrays.stream(running.context().getBeanDefinitionNames())
				.filter(name -> name.toLowerCase(Locale.ROOT).contains("redis") || name.contains("lettuce"))).isEmpty();
	}
}
