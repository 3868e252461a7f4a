package dev.hawser.webhook;

import dev.hawser.callback.CallbackSource;
import dev.hawser.callback.Callbacks;
import dev.hawser.callback.InvalidCallbacksException;
import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.security.SecureRandom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Supplies the callbacks of the hubs that have webhooks, and replaces their backends in a reload. */
final class WebhookCallbackSource implements CallbackSource, ReloadParticipant, AutoCloseable {
	private static final int PROCESS_NAME_BYTES = 8;

	private final Section<HubWebhookSettings> section;
	private final BackendClients clients;
	private final WebhookMeters meters;
	private final CallSpans spans;
	private final Undelivered undelivered;
	private final Map<String, HubWebhooks> byHub = new LinkedHashMap<>();

	/**
	 * @param shared      where all nodes find what is owed to backends; null for a node alone. Not asked for when no hub has webhooks
	 * @param tokenCookie name of the cookie that may have a client's token, by hub
	 */
	WebhookCallbackSource(Settings settings, Section<HubWebhookSettings> section, ServerWebhookSettings ofServer,
			Supplier<@Nullable SharedStores> shared, BackendClients clients, WebhookMeters meters, CallSpans spans,
			UnaryOperator<String> tokenCookie) {
		this.section = section;
		this.clients = clients;
		this.meters = meters;
		this.spans = spans;
		this.undelivered = undelivered(ofServer, shared,
				settings.hubs().stream().anyMatch(hub -> !settings.ofHub(hub, section).webhooks().isEmpty()));
		String process = process();
		for (String hub : settings.hubs()) {
			List<Backend> backends = backends(hub, settings, List.of());
			if (!backends.isEmpty()) {
				HubWebhooks webhooks = new HubWebhooks(process, () -> tokenCookie.apply(hub), undelivered, backends);
				byHub.put(hub, webhooks);
				meters.watch(hub, webhooks, undelivered);
			}
		}
	}

	/** @param any whether any hub has webhooks; without, the folder is left alone */
	private Undelivered undelivered(ServerWebhookSettings ofServer, Supplier<@Nullable SharedStores> others, boolean any) {
		SharedStores shared = any ? others.get() : null;
		EventStore store = any ? ofServer.store(shared) : EventStore.NONE;
		Letters dead = any ? ofServer.deadLetters(shared, meters) : new DeadLetters((Path) null, 0, meters);
		meters.watch(store);
		return new Undelivered(store, new Redelivery(ofServer.maxUndelivered(), ofServer.maxAge(), store::isDurable, () -> {
			byHub.values().forEach(HubWebhooks::endUnopened);
			dead.log();
		}), dead);
	}

	/** A name that no other process has: numbers of connections begin at 1 in each. */
	private static String process() {
		byte[] random = new byte[PROCESS_NAME_BYTES];
		new SecureRandom().nextBytes(random);
		return HexFormat.of().formatHex(random);
	}

	/** @param before backends in force; those whose settings have not changed are kept */
	private List<Backend> backends(String hub, Settings settings, List<Backend> before) {
		List<WebhookSettings> entries = settings.ofHub(hub, section).webhooks();
		List<Backend> backends = new ArrayList<>();
		for (int i = 0; i < entries.size(); i++) {
			WebhookSettings entry = entries.get(i);
			String property = property(hub, i);
			backends.add(before.stream().filter(backend -> backend.settings().equals(entry)).findFirst()
					.orElseGet(() -> new Backend(hub, entry, clients.of(entry, property), meters, spans)));
		}
		return List.copyOf(backends);
	}

	private static String property(String hub, int entry) {
		return "hawser.hubs." + hub + ".webhooks[" + entry + ']';
	}

	/**
	 * Checks that no hub with webhooks has other callbacks too.
	 *
	 * @param none  the source for hubs that have no callbacks on purpose
	 * @param beans the source of callback beans
	 */
	void check(CallbackSource none, CallbackSource beans) {
		for (String hub : byHub.keySet()) {
			String webhooks = "hawser.hubs." + hub + ".webhooks has a backend";
			if (none.find(hub) != null) {
				throw new InvalidCallbacksException(webhooks + ", but hawser.hubs." + hub + ".callbacks is none.",
						"Remove one of the two.");
			}
			if (beans.find(hub) != null) {
				throw new InvalidCallbacksException(webhooks + ", but there are callback beans for that hub too.",
						"Remove one of the two, or say with @ForHub which other hub the beans are for.");
			}
		}
	}

	/** Begins with the handler checks. */
	void start() {
		if (!byHub.isEmpty()) {
			undelivered.store().start(new Inheritance(byHub, undelivered));
			undelivered.redelivery().start();
		}
		byHub.values().forEach(HubWebhooks::start);
	}

	@Override
	public @Nullable Callbacks find(String hub) {
		HubWebhooks webhooks = byHub.get(hub);
		return webhooks == null ? null
				: Callbacks.afterTheChecks(webhooks::onHandShake, webhooks::onOpen, webhooks::onMessage, webhooks, webhooks::onClose);
	}

	@Override
	public Section<?> section() {
		return section;
	}

	@Override
	public Change prepare(Settings fresh) {
		Map<HubWebhooks, List<Backend>> changed = new LinkedHashMap<>();
		for (String hub : fresh.hubs()) {
			HubWebhooks webhooks = byHub.get(hub);
			if (webhooks != null) {
				changed.put(webhooks, backends(hub, fresh, webhooks.backends()));
			}
			if ((webhooks == null) != fresh.ofHub(hub, section).webhooks().isEmpty()) {
				throw new IllegalArgumentException("hawser.hubs." + hub
						+ ".webhooks has got its first backend, or lost its last one: restart the server, which chooses a hub's callbacks at the start.");
			}
		}
		return () -> changed.forEach(HubWebhooks::replace);
	}

	/** The states of all backends, by the property of their entry. */
	Map<String, Backend.State> states() {
		Map<String, Backend.State> states = new LinkedHashMap<>();
		byHub.forEach((hub, webhooks) -> {
			List<Backend> backends = webhooks.backends();
			for (int i = 0; i < backends.size(); i++) {
				states.put(property(hub, i), backends.get(i).state());
			}
		});
		return states;
	}

	/** What connections take along to another node. */
	WebhookLuggage luggage() {
		return new WebhookLuggage(byHub);
	}

	/** The events that are not tried any more. */
	Letters dead() {
		return undelivered.dead();
	}

	/** The backend of a hub that gets an event; null for none. */
	@Nullable
	Backend backend(String hub, String event) {
		HubWebhooks webhooks = byHub.get(hub);
		return webhooks == null ? null : webhooks.backend(event);
	}

	@Override
	public void close() {
		undelivered.close();
		byHub.values().forEach(HubWebhooks::close);
		clients.close();
	}
}
