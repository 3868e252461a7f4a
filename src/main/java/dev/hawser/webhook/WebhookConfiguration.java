package dev.hawser.webhook;

import dev.hawser.callback.CallbackSource;
import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** The backends of the hubs that have webhooks. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {
	private static final Section<HubWebhookSettings> OF_HUB = Section.ofHubs("", HubWebhookSettings.class);
	private static final Section<ServerWebhookSettings> OF_SERVER = Section.ofServer("webhooks", ServerWebhookSettings.class);
	/** Before the callback beans, and after {@code callbacks: none}. */
	private static final int BEFORE_BEANS = -1;

	@Bean("hawserHubWebhookSection")
	static Section<HubWebhookSettings> hubSection() {
		return OF_HUB;
	}

	@Bean("hawserWebhookSection")
	static Section<ServerWebhookSettings> section() {
		return OF_SERVER;
	}

	@Bean("hawserWebhooks")
	@Order(BEFORE_BEANS)
	WebhookCallbackSource webhooks(Settings settings, HandshakePolicies policies, MeterRegistry registry,
			ObjectProvider<SslBundles> bundles,
			ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator, ObjectProvider<SharedStores> shared,
			ObjectProvider<FailedDelivery.Listener> listeners,
			@Qualifier("hawserNoCallbacks") CallbackSource none, @Qualifier("hawserBeanCallbacks") CallbackSource beans) {
		ServerWebhookSettings ofServer = settings.of(OF_SERVER);
		WebhookCallbackSource source = new WebhookCallbackSource(settings, OF_HUB, ofServer,
				shared::getIfAvailable, new BackendClients(bundles.getIfAvailable()),
				new WebhookMeters(registry, listeners.orderedStream().toList()),
				new CallSpans(tracer.getIfAvailable(), propagator.getIfAvailable()),
				hub -> policies.of(hub).tokenCookie());
		source.check(none, beans);
		source.start();
		return source;
	}

	/** The health endpoint shows this as {@code webhooks}, the bean's name without its suffix, in the group {@code backends}. */
	@Bean
	BackendsHealth webhooksHealthIndicator(WebhookCallbackSource webhooks) {
		return new BackendsHealth(webhooks::states);
	}

	@Bean("hawserWebhookLuggage")
	WebhookLuggage webhookLuggage(WebhookCallbackSource webhooks) {
		return webhooks.luggage();
	}

	@Bean("hawserDeadLettersEndpoint")
	DeadLettersEndpoint deadLettersEndpoint(WebhookCallbackSource webhooks) {
		return new DeadLettersEndpoint(webhooks.dead(), new Resending(webhooks.dead(), webhooks::backend));
	}
}
