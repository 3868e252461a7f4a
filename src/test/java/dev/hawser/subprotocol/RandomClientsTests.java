package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.HandlerTraits;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * 200 clients of all kinds join, leave, send, stall, are cut and come back at random, and a model says what each must get. Everything runs
 * on the test's thread, so that a run is the same each time: one that fails is repeated with fewer steps until it is as short as it can
 * be, and its seed and length are in the message.
 */
class RandomClientsTests {
	private static final int CLIENTS = 200;
	private static final int STEPS = 6000;
	private static final List<String> GROUPS = List.of("a", "b", "c", "d", "e", "f", "g", "h");
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class, "hawser.reliable.messages=60", "hawser.reliable.window=1h",
				"hawser.connection.outbox-size=3KB", "hawser.connection.limits.per-user=0");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	/** Runs on the calling thread. */
	private static final class Silent extends TextWebSocketHandler implements HandlerTraits.Declared {
		@Override
		public HandlerTraits traits() {
			return new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), false);
		}
	}

	/** One run. */
	private static final class Run implements AutoCloseable {
		private final Random random;
		private final Clients clients = server.bean(Clients.class);
		private final Connections connections = server.bean(Connections.class);
		private final Hub hub = server.bean(Hubs.class).get(Hub.DEFAULT);
		private final List<RandomClient> all = new ArrayList<>();
		private int lastData;

		Run(long seed) {
			random = new Random(seed);
			List<RandomClient.Kind> kinds = List.of(RandomClient.Kind.values());
			for (int i = 0; i < CLIENTS; i++) {
				add(kinds.get(i % kinds.size()));
			}
		}

		private void add(RandomClient.Kind kind) {
			all.add(new RandomClient(kind, "u" + random.nextInt(50), connections, hub, new Silent()));
		}

		private RandomClient any() {
			return all.get(random.nextInt(all.size()));
		}

		private @Nullable RandomClient any(Predicate<RandomClient> wanted) {
			RandomClient client = any();
			return wanted.test(client) ? client : null;
		}

		private String group() {
			return GROUPS.get(random.nextInt(GROUPS.size()));
		}

		/** The model: these must get the message. */
		private int expect(Predicate<RandomClient> receivers) {
			int data = ++lastData;
			all.stream().filter(RandomClient::isOpen).filter(receivers).forEach(client -> client.expected.add(data));
			return data;
		}

		void step() {
			RandomClient client = any(RandomClient::isOpen);
			if (client == null) {
				return;
			}
			switch (random.nextInt(20)) {
				case 0, 1, 2 -> client.join(group());
				case 3 -> client.leave(group());
				case 4, 5, 6, 7 -> sendToGroup(client);
				case 8, 9 -> {
					String group = group();
					clients.send(Target.group(hub.name(), group),
							Frame.json(Integer.toString(expect(each -> each.groups.contains(group)))));
				}
				case 10, 11 -> clients.send(Target.connection(client.id()), Frame.json(Integer.toString(expect(each -> each == client))));
				case 12, 13, 14 -> confirm(client);
				case 15 -> cut(client);
				case 16, 17 -> comeBack();
				case 18 -> client.stall(random.nextInt(200));
				case 19 -> sometimes(client);
				default -> throw new IllegalStateException();
			}
		}

		private void sendToGroup(RandomClient client) {
			if (client.canSend()) {
				String group = group();
				boolean noEcho = random.nextBoolean();
				int data = expect(each -> each.groups.contains(group) && !(noEcho && each == client));
				client.sendToGroup(group, data, noEcho);
			}
		}

		private static void confirm(RandomClient client) {
			if (!client.away) {
				client.readOn();
				client.check();
				if (client.kind == RandomClient.Kind.RELIABLE && client.isOpen()) {
					client.confirm();
				}
			}
		}

		private void cut(RandomClient client) {
			if (client.kind == RandomClient.Kind.RELIABLE || random.nextInt(8) == 0) {
				if (!client.away && random.nextBoolean()) {
					client.sendHalf(random.nextInt(8));
				}
				client.cut();
			}
		}

		private void comeBack() {
			RandomClient client = any(each -> each.kind == RandomClient.Kind.RELIABLE && !each.over);
			if (client != null) {
				client.comeBack(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(300));
			}
		}

		private void sometimes(RandomClient client) {
			switch (random.nextInt(10)) {
				case 0 -> clients.close(Target.connection(client.id()), new CloseStatus(4000));
				case 1, 2 -> add(client.kind);
				default -> client.look();
			}
		}

		void checkAll() {
			all.forEach(RandomClient::checkAll);
			assertThat(
					all.stream().filter(client -> client.kind == RandomClient.Kind.RELIABLE && !client.over && client.expected.size() > 20))
					.as("reliable clients that got a lot").hasSizeGreaterThan(5);
		}

		@Override
		public void close() {
			all.forEach(RandomClient::end);
		}
	}

	/** What went wrong in so many steps; null for nothing. */
	private static @Nullable AssertionError failure(long seed, int steps) {
		try (Run run = new Run(seed)) {
			for (int i = 0; i < steps; i++) {
				run.step();
			}
			if (steps == STEPS) {
				run.checkAll();
			}
			else {
				run.all.forEach(RandomClient::checkAll);
			}
			return null;
		}
		catch (AssertionError e) {
			return e;
		}
	}

	private static void check(long seed) {
		AssertionError failure = failure(seed, STEPS);
		int steps = STEPS;
		for (int fewer = steps / 2; failure != null && fewer > 0; fewer /= 2) {
			for (AssertionError shorter = failure(seed, steps - fewer); shorter != null; shorter = failure(seed, steps - fewer)) {
				failure = shorter;
				steps -= fewer;
			}
		}
		if (failure != null) {
			throw new AssertionError("Seed " + seed + ", after " + steps + " steps", failure);
		}
		assertThat(server.bean(MemoryBudget.class).held()).as("all memory is released").isZero();
		assertThat(server.bean(Hubs.class).get(Hub.DEFAULT).unconfirmedBytes()).isZero();
		assertThat(server.bean(Hubs.class).get(Hub.DEFAULT).away()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void givesEachClientWhatTheModelSays(long seed) {
		check(seed);
	}

	@Test
	void givesEachClientWhatTheModelSaysForAnotherSeed() {
		check(Long.getLong("hawser.seed", System.nanoTime()));
	}
}
