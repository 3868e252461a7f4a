package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.testing.ReadsLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/** The watch over the threads of the engine, with a clock of the test's own. It looks ten times in ten seconds. */
@ReadsLog
class StandStillWatchTests {
	private final ArrayDeque<Runnable> questions = new ArrayDeque<>();
	private final EngineThreads engine = new EngineThreads();
	private Duration standStill = Duration.ofSeconds(10);
	private Map<String, Executor> threads = Map.of("selector 1", questions::add);
	private StandStillWatch watch = watch();
	private long now;

	private StandStillWatch watch() {
		return new StandStillWatch(engine, OperationsConfiguration.SECTION, settings());
	}

	private Settings settings() {
		return new Settings() {
			@Override
			public <T> T of(Section<T> section) {
				return section.type().cast(new OperationsSettings(null, standStill));
			}

			@Override
			public <T> T ofHub(String hub, Section<T> section) {
				throw new UnsupportedOperationException();
			}

			@Override
			public Set<String> hubs() {
				return Set.of();
			}
		};
	}

	@BeforeEach
	void addThreads() {
		engine.add(() -> threads);
	}

	@AfterEach
	void close() {
		watch.close();
	}

	private void look(Duration later) {
		now += later.toNanos();
		watch.look(now);
	}

	private void lookForSeconds(int seconds) {
		for (int i = 0; i < seconds; i++) {
			look(Duration.ofSeconds(1));
		}
	}

	private void answer() {
		questions.remove().run();
	}

	@Test
	void reportsAThreadThatDoesNotAnswer(CapturedOutput log) {
		lookForSeconds(10);
		assertThat(watch.standing()).as("asked for nine seconds").isEmpty();
		lookForSeconds(10);
		assertThat(watch.standing()).containsExactly("selector 1");
		assertThat(log.getAll()).containsOnlyOnce("selector 1 has stood still for 10000 ms");
	}

	@Test
	void showsWhereAThreadStandsThatHasAnsweredBefore(CapturedOutput log) {
		look(Duration.ofSeconds(1));
		answer();
		lookForSeconds(11);
		assertThat(log.getAll()).contains("thread " + Thread.currentThread().getName(),
				"at " + StandStillWatchTests.class.getName() + ".showsWhereAThreadStandsThatHasAnsweredBefore");
	}

	@Test
	void saysThatAThreadMovesAgain(CapturedOutput log) {
		lookForSeconds(11);
		answer();
		look(Duration.ofSeconds(1));
		assertThat(watch.standing()).isEmpty();
		assertThat(log.getAll()).containsOnlyOnce("selector 1 moves again");
		lookForSeconds(9);
		assertThat(watch.standing()).as("a new question").isEmpty();
	}

	@Test
	void asksAThreadAgainOnlyWhenItHasAnswered() {
		lookForSeconds(5);
		assertThat(questions).hasSize(1);
		answer();
		lookForSeconds(2);
		assertThat(questions).hasSize(1);
	}

	/** After SIGSTOP and SIGCONT, or on a machine that is too busy, all threads are late, and this one too. */
	@Test
	void doesNotCountTheTimeInWhichItWasHeldUpItself() {
		look(Duration.ofSeconds(1));
		look(Duration.ofMinutes(5));
		look(Duration.ofMinutes(5));
		assertThat(watch.standing()).isEmpty();
		answer();
		look(Duration.ofMinutes(5));
		assertThat(watch.standing()).isEmpty();
	}

	@Test
	void forgetsAThreadThatHasBeenStopped() {
		lookForSeconds(11);
		assertThat(watch.standing()).isNotEmpty();
		threads = Map.of();
		look(Duration.ofSeconds(1));
		assertThat(watch.standing()).isEmpty();
	}

	@Test
	void asksNothingWhenItIsOff() {
		standStill = Duration.ZERO;
		watch = watch();
		lookForSeconds(30);
		assertThat(questions).isEmpty();
		assertThat(watch.standing()).isEmpty();
	}

	@Test
	void takesANewTimeFromAReload() {
		standStill = Duration.ofSeconds(3);
		watch.prepare(settings()).commit();
		lookForSeconds(30);
		assertThat(watch.standing()).containsExactly("selector 1");
		standStill = Duration.ZERO;
		watch.prepare(settings()).commit();
		lookForSeconds(1);
		assertThat(watch.standing()).isEmpty();
	}
}
