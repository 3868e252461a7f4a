package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;
import dev.hawser.push.RemotePush.Passed;
import dev.hawser.push.RemotePush.Trouble;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What this node has asked others, and what they have answered. An answer is waited for two seconds, and for that of a dead node not at all. */
final class Asks implements Nodes.Listener {
	private final Forwarder forwarder;
	private final Executor thread;
	private final LongSupplier clock;
	private final AtomicLong last = new AtomicLong();
	/** Used by the thread of the cluster. */
	private final Map<Long, Ask> open = new HashMap<>();

	Asks(Forwarder forwarder, Executor thread, LongSupplier clock) {
		this.forwarder = forwarder;
		this.thread = thread;
		this.clock = clock;
	}

	/** Some nodes are asked. Used by the thread of the cluster. */
	private static final class Ask {
		private final long since;
		private final CompletableFuture<Answers> result = new CompletableFuture<>();
		private final Map<String, Outcome> outcomes = new HashMap<>();
		private final Set<String> failed = new HashSet<>();
		/** Null while it is not known who is asked: an answer may be quicker than Redis's own. */
		private @Nullable Set<String> asked;
		private Trouble trouble = Trouble.NONE;

		Ask(long since) {
			this.since = since;
		}

		boolean isComplete() {
			Set<String> nodes = asked;
			return nodes != null && nodes.stream().allMatch(node -> outcomes.containsKey(node) || failed.contains(node));
		}

		void end() {
			Trouble worst = (failed.isEmpty() && isComplete()) || trouble == Trouble.UNKNOWN ? trouble : worse(Trouble.UNKNOWN);
			result.complete(new Answers(outcomes, worst));
		}

		private Trouble worse(Trouble other) {
			return trouble.compareTo(other) > 0 ? trouble : other;
		}
	}

	/** @param trouble of those that have not answered */
	record Answers(Map<String, Outcome> outcomes, Trouble trouble) {
		Passed sum() {
			long done = outcomes.values().stream().mapToLong(Outcome::done).sum();
			long refused = outcomes.values().stream().mapToLong(Outcome::refused).sum();
			return new Passed(outcomes.size(), trouble, done, refused);
		}
	}

	/** Asks all other nodes of the target. */
	CompletionStage<Answers> ask(Target target, Order order) {
		return ask(target, order, (letter, sent) -> forwarder.send(letter, target, sent));
	}

	/** Asks one node. */
	CompletionStage<Answers> ask(String node, Target target, Order order) {
		return ask(target, order, (letter, sent) -> forwarder.send(letter, node, sent));
	}

	private CompletionStage<Answers> ask(Target target, Order order, BiConsumer<Letter, Consumer<Outgoing>> send) {
		long number = last.incrementAndGet();
		Ask ask = new Ask(clock.getAsLong());
		thread.execute(() -> open.put(number, ask));
		send.accept(new Letter.Ask(number, target, order), sent -> thread.execute(() -> sent(number, sent)));
		return ask.result;
	}

	private void sent(long number, Outgoing sent) {
		Ask ask = open.get(number);
		if (ask != null) {
			ask.trouble = sent.trouble();
			ask.asked = sent.nodes();
			endIfComplete(number, ask);
		}
	}

	private void endIfComplete(long number, Ask ask) {
		if (ask.isComplete()) {
			open.remove(number);
			ask.end();
		}
	}

	/** A node has answered. */
	void answered(String node, Letter.Reply reply) {
		Ask ask = open.get(reply.number());
		if (ask != null) {
			ask.outcomes.putIfAbsent(node, reply.outcome());
			endIfComplete(reply.number(), ask);
		}
	}

	/** A node has not been able to carry out what was asked. */
	void failed(String node, long number) {
		Ask ask = open.get(number);
		if (ask != null) {
			ask.failed.add(node);
			endIfComplete(number, ask);
		}
	}

	@Override
	public void buried(String node) {
		List.copyOf(open.keySet()).forEach(number -> failed(node, number));
	}

	/** Called about ten times a second. */
	void tick() {
		long before = clock.getAsLong() - Forwarder.PATIENCE;
		open.values().removeIf(ask -> {
			if (ask.since - before < 0) {
				ask.end();
				return true;
			}
			return false;
		});
	}
}
