package dev.hawser.callback;

import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The callbacks of each hub. */
@Configuration(proxyBeanMethods = false)
class CallbackConfiguration {
	private static final Section<CallbackSettings> SECTION = Section.ofServer("callbacks", CallbackSettings.class);
	private static final Section<HubCallbackSettings> OF_HUB = Section.ofHubs("", HubCallbackSettings.class);

	@Bean("hawserCallbackSection")
	static Section<CallbackSettings> section() {
		return SECTION;
	}

	@Bean("hawserHubCallbackSection")
	static Section<HubCallbackSettings> hubSection() {
		return OF_HUB;
	}

	@Bean("hawserCallbackRegistry")
	CallbackRegistry callbackRegistry(ObjectProvider<CallbackSource> sources, Settings settings) {
		return new CallbackRegistry(sources.orderedStream().toList(), settings.of(SECTION));
	}

	/** No callbacks, for the hubs whose settings say so. */
	@Bean("hawserNoCallbacks")
	@Order(Ordered.HIGHEST_PRECEDENCE)
	CallbackSource noCallbacks(Settings settings, BeanCallbackSource beans) {
		return hub -> settings.ofHub(hub, OF_HUB).callbacks() == HubCallbacks.NONE ? none(hub, beans) : null;
	}

	private static Callbacks none(String hub, BeanCallbackSource beans) {
		if (beans.isDeclaredFor(hub)) {
			throw new InvalidCallbacksException(
					"hawser.hubs." + hub + ".callbacks is none, but there are callbacks for the hub '" + hub + "'.",
					"Remove one of the two.");
		}
		return Callbacks.onMessageOnly(new RefusingOnMessage());
	}

	@Bean("hawserBeanCallbacks")
	@Order(0)
	BeanCallbackSource beanCallbacks(ListableBeanFactory beans, Settings settings) {
		BeanCallbackSource source = new BeanCallbackSource(beans, settings.of(SECTION));
		source.check(settings.hubs());
		return source;
	}

	@Bean("hawserEcho")
	@Order(Ordered.LOWEST_PRECEDENCE)
	EchoCallbackSource echo(Settings settings, HandshakePolicies policies) {
		return new EchoCallbackSource(hub -> settings.of(SECTION).echo() || policies.of(hub).development());
	}
}
