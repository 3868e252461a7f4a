package dev.hawser.operations.console;

import dev.hawser.api.Target;
import dev.hawser.push.ConnectionWatch.Seen;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;
import dev.hawser.push.RemotePush;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks the node that has a connection what happens to it, again and again. Used by one thread. */
final class RemoteWatch {
	static final Duration PAUSE = Duration.ofMillis(500);
	private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);

	private final RemotePush others;
	private final Target.Connection connection;
	private long last;
	private long next = System.nanoTime();

	RemoteWatch(RemotePush others, String connection) {
		this.others = others;
		this.connection = Target.connection(connection);
	}

	/** Whether it is time to ask again. */
	boolean isDue() {
		return System.nanoTime() - next >= 0;
	}

	/** What has happened since the last call; null when the node, or the way to it, is silent. */
	@Nullable
	Seen ask() throws InterruptedException {
		Seen seen = seen();
		next = System.nanoTime() + PAUSE.toNanos();
		return seen;
	}

	private @Nullable Seen seen() throws InterruptedException {
		List<String> nodes = answer(others.nodes(connection));
		if (nodes == null || nodes.isEmpty()) {
			return nodes == null ? null : Seen.nothingAfter(last);
		}
		Outcome outcome = answer(others.ask(nodes.getFirst(), connection, new Order.Watch(last)));
		if (outcome == null) {
			return null;
		}
		last = outcome.done();
		return new Seen(outcome.events(), last, outcome.refused());
	}

	private static <T> @Nullable T answer(CompletionStage<? extends @Nullable T> stage) throws InterruptedException {
		try {
			return stage.toCompletableFuture().get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException e) {
			return null;
		}
	}
}
