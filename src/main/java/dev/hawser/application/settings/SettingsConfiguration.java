package dev.hawser.application.settings;

import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Reads the settings sections of all rooms before any other bean is made, and reads them again on a reload. */
@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {
	private static final Section<ReloadSettings> RELOAD = Section.ofServer("", ReloadSettings.class);

	@Bean("hawserReloadSection")
	static Section<ReloadSettings> reloadSection() {
		return RELOAD;
	}

	@Bean("hawserSettingsReading")
	static BeanFactoryPostProcessor settingsReading(ConfigurableEnvironment environment) {
		return beans -> beans.registerSingleton("hawserSettings", reader(beans).read(environment));
	}

	@SuppressWarnings("unchecked") // a class literal has no type arguments
	static SettingsReader reader(ConfigurableListableBeanFactory beans) {
		return new SettingsReader((List<Section<?>>) (List<?>) List.copyOf(beans.getBeansOfType(Section.class).values()),
				beans.getBeansOfType(Settings.Rule.class).values());
	}

	@Bean("hawserSettingsReload")
	SettingsReload settingsReload(ConfigurableEnvironment environment, ConfigurableListableBeanFactory beans, ReadSettings settings,
			ObjectProvider<ReloadParticipant> participants) {
		return new SettingsReload(new Rereading(environment, reader(beans)), participants.orderedStream().toList(), settings,
				settings.of(RELOAD).reloadInterval());
	}
}
