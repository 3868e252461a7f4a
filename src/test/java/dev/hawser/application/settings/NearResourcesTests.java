package dev.hawser.application.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.env.PropertySourceLoader;

/** No library has what the short way leaves out. A new library that has fails here. */
class NearResourcesTests {
	private static final ClassLoader ALL = NearResources.class.getClassLoader();

	@Test
	void seeEveryReaderOfConfigurationFiles() throws Exception {
		assertThat(readers(new NearResources())).isNotEmpty().isEqualTo(readers(ALL));
	}

	private static List<String> readers(ClassLoader loader) throws Exception {
		List<String> found = new ArrayList<>();
		for (URL list : Collections.list(loader.getResources("META-INF/spring.factories"))) {
			Properties lists = new Properties();
			try (InputStream content = list.openStream()) {
				lists.load(content);
			}
			for (Class<?> type : List.of(ConfigDataLoader.class, ConfigDataLocationResolver.class, PropertySourceLoader.class)) {
				if (lists.containsKey(type.getName())) {
					found.add(type.getSimpleName() + ": " + lists.getProperty(type.getName()));
				}
			}
		}
		return found;
	}

	@ParameterizedTest
	@ValueSource(strings = { "application", "application-default", "config/application", "config/application-default" })
	void seeEveryFileOfTheClassPath(String name) {
		for (String ending : List.of(".properties", ".xml", ".yaml", ".yml")) {
			assertThat(new NearResources().getResource(name + ending)).as(ending).isEqualTo(ALL.getResource(name + ending));
		}
		assertThat(new NearResources().getResource("application.yaml")).isNotNull();
	}
}
