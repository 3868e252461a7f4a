package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a link makes of the answers of Redis. */
class LinkAnswersTests {
	private static final CompletionStage<Boolean> TAKEN = CompletableFuture.completedStage(true);
	private static final CompletionStage<Boolean> ON_ITS_WAY = CompletableFuture
			.failedStage(new RedisRefusedException("TRYAGAIN Multiple keys request during rehashing of slot"));

	private final Queue<CompletionStage<Boolean>> answers = new ArrayDeque<>();
	private final List<Batch> sent = new ArrayList<>();
	private final List<String> ended = new ArrayList<>();
	private final Link link = new Link("n", redis(), Runnable::run, new ClusterMeters(new SimpleMeterRegistry()));

	private Redis redis() {
		return (Redis) Proxy.newProxyInstance(Redis.class.getClassLoader(), new Class<?>[] { Redis.class }, (_, method, arguments) -> {
			assertThat(method.getName()).isEqualTo("append");
			sent.add(Batch.read((byte[]) arguments[1]));
			return answers.remove();
		});
	}

	/** @param since on the clock that {@link Link#expire} gets */
	private void send(int number, long since) {
		Outgoing letter = new Outgoing(new Letter.Failed(number).bytes(), null, Set.of("n"), since,
				it -> ended.add(number + " " + it.trouble()));
		letter.addressed();
		link.add(letter);
		letter.routed();
		link.flush("self");
	}

	private void later() {
		link.rested();
		link.flush("self");
	}

	@Test
	void waitsForAnInboxThatIsOnItsWayToAnotherPrimary() {
		answers.addAll(List.of(ON_ITS_WAY, ON_ITS_WAY, TAKEN, TAKEN));
		send(1, 0);
		send(2, 0);
		later();
		assertThat(sent).as("only after a rest").hasSize(2);
		assertThat(ended).isEmpty();
		later();
		assertThat(ended).containsExactly("1 NONE", "2 NONE");
		send(3, 0);
		assertThat(sent.stream().map(Batch::link)).containsExactly(1L, 1L, 1L, 2L);
		assertThat(sent.stream().map(batch -> batch.letters().size())).containsExactly(1, 2, 2, 1);
	}

	@Test
	void givesUpWhatHasWaitedForTooLong() {
		answers.addAll(List.of(ON_ITS_WAY, TAKEN));
		send(1, 0);
		send(2, 10);
		link.expire(5);
		assertThat(ended).containsExactly("1 AWAY");
		later();
		assertThat(ended).containsExactly("1 AWAY", "2 NONE");
		assertThat(sent.getLast().letters()).hasSize(1);
	}

	/** The first attempt may have got there although the second one was refused. */
	@Test
	void keepsTheNumberOfABatchThatMayHaveGotThere() {
		answers.addAll(List.of(CompletableFuture.failedStage(new IllegalStateException("no answer")), ON_ITS_WAY, TAKEN));
		send(1, 0);
		later();
		link.expire(5);
		assertThat(ended).containsExactly("1 UNKNOWN");
		send(2, 10);
		later();
		assertThat(sent).as("with its letter").allSatisfy(batch -> assertThat(batch.link()).isEqualTo(1));
		assertThat(sent).hasSize(3);
	}
}
