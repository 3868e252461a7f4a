package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.Connections;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.StaticApplicationContext;

/** What the application's listeners hear of a drain, and what they may do meanwhile. */
class DrainEventsTests {
	private final Connections none = new Connections("none", Thread::startVirtualThread);
	private final StaticApplicationContext context = new StaticApplicationContext();
	private final Drain drain = new Drain(none, context, new DrainSettings(Duration.ofDays(1), Duration.ZERO, Duration.ZERO));
	private final List<ReadinessState> heard = new CopyOnWriteArrayList<>();
	private volatile Consumer<ReadinessState> listener = _ -> {
	};

	@BeforeEach
	void start() {
		context.addApplicationListener((ApplicationListener<AvailabilityChangeEvent<ReadinessState>>) event -> {
			heard.add(event.getState());
			listener.accept(event.getState());
		});
		context.refresh();
	}

	@AfterEach
	void stop() {
		drain.end();
		context.close();
		none.close();
	}

	@Test
	void hearOfEachTurn() {
		drain.begin();
		drain.begin();
		drain.end();
		drain.end();
		drain.begin();
		assertThat(heard).containsExactly(ReadinessState.REFUSING_TRAFFIC, ReadinessState.ACCEPTING_TRAFFIC,
				ReadinessState.REFUSING_TRAFFIC);
	}

	/** Another thread ends the drain while the listener that hears of its begin waits for that thread. */
	@Test
	void mayWaitForAnotherThreadThatEndsTheDrain() {
		listener = state -> {
			if (state == ReadinessState.REFUSING_TRAFFIC) {
				assertThat(CompletableFuture.supplyAsync(drain::end).completeOnTimeout(false, 1, TimeUnit.MINUTES).join())
						.as("ended meanwhile").isTrue();
			}
		};
		drain.begin();
		assertThat(drain.progress().state()).isEqualTo(Drain.State.SERVING);
		assertThat(heard).as("the last one is in force").containsExactly(ReadinessState.REFUSING_TRAFFIC,
				ReadinessState.ACCEPTING_TRAFFIC);
	}

	@Test
	void doNotStopTheDrainByFailing() throws Exception {
		listener = _ -> {
			throw new IllegalStateException("thrown on purpose");
		};
		drain.begin();
		assertThat(drain.progress().state()).isEqualTo(Drain.State.DRAINING);
		assertThat(drain.end()).isTrue();
		assertThat(drain.progress().state()).isEqualTo(Drain.State.SERVING);
		assertThat(heard).containsExactly(ReadinessState.REFUSING_TRAFFIC, ReadinessState.ACCEPTING_TRAFFIC);
	}
}
