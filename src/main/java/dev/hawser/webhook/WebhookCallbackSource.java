package dev.hawser.webhook;

import dev.hawser.callback.CallbackSource;
import dev.hawser.callback.Callbacks;
import dev.hawser.callback.InvalidCallbacksException;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Supplies the callbacks of the hubs that have webhooks. */
final class WebhookCallbackSource implements CallbackSource, AutoCloseable {
	private static final int PROCESS_NAME_BYTES = 8;

	private final Map<String, HubWebhooks> byHub = new LinkedHashMap<>();
	/** Null while no hub has webhooks. */
	private @Nullable BackendClient client;

	/** @param tokenCookie name of the cookie that may have a client's token, by hub */
	WebhookCallbackSource(Settings settings, Section<HubWebhookSettings> section, WebhookMeters meters,
			UnaryOperator<String> tokenCookie) {
		String process = process();
		for (String hub : settings.hubs()) {
			List<WebhookSettings> entries = settings.ofHub(hub, section).webhooks();
			if (!entries.isEmpty()) {
				BackendClient shared = client == null ? new BackendClient() : client;
				client = shared;
				byHub.put(hub, new HubWebhooks(process, () -> tokenCookie.apply(hub),
						entries.stream().map(entry -> new Backend(hub, entry, shared, meters)).toList()));
			}
		}
	}

	/** A name that no other process has: numbers of connections begin at 1 in each. */
	private static String process() {
		byte[] random = new byte[PROCESS_NAME_BYTES];
		new SecureRandom().nextBytes(random);
		return HexFormat.of().formatHex(random);
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
		byHub.values().forEach(HubWebhooks::start);
	}

	@Override
	public @Nullable Callbacks find(String hub) {
		HubWebhooks webhooks = byHub.get(hub);
		return webhooks == null ? null
				: Callbacks.afterTheChecks(webhooks::onHandShake, webhooks::onOpen, webhooks::onMessage, webhooks::onClose);
	}

	@Override
	public void close() {
		byHub.values().forEach(HubWebhooks::close);
		if (client != null) {
			client.close();
		}
	}
}
