package dev.hawser.application.settings;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;

/**
 * Finds resources among the server's own classes and in Spring Boot's jar, and nowhere else. Spring Boot looks for a dozen configuration
 * files on the class path of which there is one, and for its own list of readers; to look for them in more than a hundred libraries would take
 * longer than all the rest. Classes come from the usual class loader.
 */
final class NearResources extends URLClassLoader {

	/** Is never closed: that would close jars that the usual class loader reads, too. */
	NearResources() {
		super(new URL[] { location(NearResources.class), location(ConfigDataEnvironmentPostProcessor.class) },
				NearResources.class.getClassLoader());
	}

	private static URL location(Class<?> type) {
		return type.getProtectionDomain().getCodeSource().getLocation();
	}

	@Override
	public @Nullable URL getResource(String name) {
		return findResource(name);
	}

	@Override
	public Enumeration<URL> getResources(String name) throws IOException {
		return findResources(name);
	}
}
