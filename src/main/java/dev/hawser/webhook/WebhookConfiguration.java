package dev.hawser.webhook;

import dev.hawser.callback.CallbackSource;
import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** The backends of the hubs that have webhooks. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {
	private static final Section<HubWebhookSettings> OF_HUB = Section.ofHubs("", HubWebhookSettings.class);
	/** Before the callback beans, and after {@code callbacks: none}. */
	private static final int BEFORE_BEANS = -1;

	@Bean("hawserHubWebhookSection")
	static Section<HubWebhookSettings> hubSection() {
		return OF_HUB;
	}

	@Bean("hawserWebhooks")
	@Order(BEFORE_BEANS)
	WebhookCallbackSource webhooks(Settings settings, HandshakePolicies policies, MeterRegistry registry,
			@Qualifier("hawserNoCallbacks") CallbackSource none, @Qualifier("hawserBeanCallbacks") CallbackSource beans) {
		WebhookCallbackSource source = new WebhookCallbackSource(settings, OF_HUB, new WebhookMeters(registry),
				hub -> policies.of(hub).tokenCookie());
		source.check(none, beans);
		source.start();
		return source;
	}
}
