package dev.hawser.callback;

import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The callbacks of each hub. */
@Configuration(proxyBeanMethods = false)
public class CallbackConfiguration {
	private static final Section<CallbackSettings> SECTION = Section.ofServer("callbacks", CallbackSettings.class);

	@Bean("hawserCallbackSection")
	static Section<CallbackSettings> section() {
		return SECTION;
	}

	@Bean("hawserCallbackRegistry")
	CallbackRegistry callbackRegistry(ListableBeanFactory beans, Settings settings) {
		CallbackRegistry registry = new CallbackRegistry(beans, settings.of(SECTION));
		registry.check(settings.hubs());
		return registry;
	}
}
