package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection of a node to Redis: commands and answers take time, keep their order, and get lost with the connection. */
final class SimulatedWire {
	private static final double USUAL = 3;
	private static final List<Fate> FATES = List.of(Fate.values());

	private final SimulatedTime time;
	private final SimulatedRedis redis;
	private final Spot node;
	private final long patience;
	private final ArrayDeque<Call<?>> underWay = new ArrayDeque<>();
	private boolean cut;
	/** Rises with each connection. */
	private int connection;
	private long upAgain;
	private long lastArrival;
	private long lastAnswer;
	private boolean watched;
	private double slowest = USUAL;

	/** What becomes of a command whose connection is gone before its answer has come. */
	private enum Fate {
		LOST, CARRIED_OUT, CARRIED_OUT_LATE
	}

	/** No answer comes. As the other failures without a stack trace, which would take a good part of the time. */
	private static final class Unanswered extends TimeoutException {
		@Override
		public synchronized Throwable fillInStackTrace() {
			return this;
		}
	}

	/** A failure as a stage wraps it. */
	private static final class Failure extends CompletionException {
		Failure(Throwable cause) {
			super(cause);
		}

		@Override
		public synchronized Throwable fillInStackTrace() {
			return this;
		}
	}

	/** A command. */
	private static final class Call<T> {
		private final int connection;
		private final int server;
		private final long sent;
		private final CompletableFuture<T> answer = new CompletableFuture<>();
		private @Nullable Fate fate;

		Call(int connection, int server, long sent) {
			this.connection = connection;
			this.server = server;
			this.sent = sent;
		}
	}

	/** @param patience nanoseconds after which a command without an answer fails */
	SimulatedWire(SimulatedTime time, SimulatedRedis redis, Spot node, long patience) {
		this.time = time;
		this.redis = redis;
		this.node = node;
		this.patience = patience;
	}

	static CompletionException unanswered() {
		return new Failure(new Unanswered());
	}

	/** Ends the connection; commands fail until it is mended. */
	void cut() {
		cut = true;
		breakOff();
	}

	void mend() {
		cut = false;
	}

	/** Everything takes long, until {@link #hasten}. */
	void slowDown() {
		slowest = 900;
	}

	void hasten() {
		slowest = USUAL;
	}

	/** As {@link Redis#generation}. */
	int generation() {
		return connection;
	}

	boolean isUp() {
		return !cut && time.now() >= upAgain;
	}

	/** Ends the connection, and makes another one soon. */
	void breakOff() {
		connection++;
		upAgain = time.now() + time.between(0, 250);
		List<Call<?>> lost = List.copyOf(underWay);
		underWay.clear();
		for (Call<?> call : lost) {
			call.fate = FATES.get(time.random.nextInt(FATES.size()));
			time.at(time.now(), node, () -> call.answer.completeExceptionally(unanswered()));
		}
	}

	<T> CompletionStage<T> call(Supplier<T> command) {
		return send((_, answer) -> answer.accept(command.get()));
	}

	/** What Redis does with a command: it may answer later. */
	interface Command<T> {
		void begin(BooleanSupplier isWaitedFor, Consumer<T> answer);
	}

	<T> CompletionStage<T> send(Command<T> command) {
		if (!isUp()) {
			return CompletableFuture.failedStage(new Failure(new RedisAwayException()));
		}
		Call<T> call = new Call<>(connection, redis.server, time.now());
		underWay.add(call);
		lastArrival = Math.max(lastArrival, time.now() + time.between(0.05, slowest));
		time.at(lastArrival, redis.spot, () -> arrive(call, command));
		watch();
		return call.answer;
	}

	private <T> void arrive(Call<T> call, Command<T> command) {
		if (call.server != redis.server || call.fate == Fate.LOST) {
			return;
		}
		if (call.fate == Fate.CARRIED_OUT_LATE) {
			call.fate = Fate.CARRIED_OUT;
			time.at(time.now() + time.between(0, 1500), redis.spot, () -> arrive(call, command));
		}
		else if (redis.refuses) {
			answer(call, () -> call.answer.completeExceptionally(new Failure(new RedisRefusedException("LOADING"))));
		}
		else {
			command.begin(() -> isWaitedFor(call), result -> answer(call, () -> call.answer.complete(result)));
		}
	}

	private boolean isWaitedFor(Call<?> call) {
		return call.connection == connection && call.server == redis.server;
	}

	private void answer(Call<?> call, Runnable answer) {
		lastAnswer = Math.max(lastAnswer, time.now() + time.between(0.05, slowest));
		time.at(lastAnswer, node, () -> {
			if (call.connection == connection) {
				underWay.remove(call);
				answer.run();
			}
		});
	}

	/** Lets the oldest command fail when it has no answer for too long. */
	private void watch() {
		if (!watched && !underWay.isEmpty()) {
			watched = true;
			time.at(underWay.element().sent + patience, node, () -> {
				watched = false;
				while (!underWay.isEmpty() && time.now() - underWay.element().sent >= patience) {
					underWay.remove().answer.completeExceptionally(unanswered());
				}
				watch();
			});
		}
	}
}
