package dev.hawser.application;

import dev.hawser.callback.InvalidCallbacksException;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/**
 * Loads callbacks from jars, without rebuilding the server. The jars are in the folder {@code callbacks} beside {@code hawser.jar}
 * (or in the working directory). Alternatively {@code LOADER_PATH} names folders and jars, separated by commas. The components in
 * the jars become beans. Jars in a subfolder {@code lib} are only added to the class path.
 */
final class CallbackJars implements ApplicationContextInitializer<ConfigurableApplicationContext> {
	private static final Logger LOG = LoggerFactory.getLogger(CallbackJars.class);
	private static final String FOLDER = "callbacks";

	/** The folders and jars in {@code LOADER_PATH}; each must contain a component. */
	private final List<Path> named;
	private final List<CallbackJar> jars;
	/** Folders with jars that look as if they were read, and are not. */
	private final List<Path> overlooked;
	private final String places;
	private final ClassLoader classLoader;

	private CallbackJars(List<Path> places, List<Path> named, List<CallbackJar> jars, List<Path> libraries, List<Path> overlooked) {
		this.places = places.stream().map(CallbackJars::real).map(Path::toString).collect(Collectors.joining(", "));
		this.named = named;
		this.jars = jars;
		this.overlooked = overlooked;
		URL[] all = Stream.concat(jars.stream().map(CallbackJar::path), libraries.stream()).map(CallbackJars::url).toArray(URL[]::new);
		ClassLoader parent = CallbackJars.class.getClassLoader();
		this.classLoader = all.length == 0 ? parent : new URLClassLoader("callbacks", all, parent);
	}

	/**
	 * Finds the jars that {@code LOADER_PATH} (or the system property {@code loader.path}) names, otherwise those beside the
	 * server's jar.
	 */
	static CallbackJars find() {
		String path = System.getProperty("loader.path", System.getenv("LOADER_PATH"));
		List<Path> named = path == null ? List.of()
				: Arrays.stream(path.split(",")).map(String::strip).filter(one -> !one.isEmpty()).map(Path::of).toList();
		Path beside = home().resolve(FOLDER);
		return in(named.isEmpty() ? List.of(beside) : named, named, List.of(Path.of(FOLDER), beside));
	}

	/**
	 * The jars in these places.
	 *
	 * @param named  those of the places that must contain a component
	 * @param likely folders of which the log warns when they have jars and are none of the places
	 */
	static CallbackJars in(List<Path> places, List<Path> named, List<Path> likely) {
		return new CallbackJars(places, named,
				places.stream().flatMap(place -> jarsIn(place).map(jar -> new CallbackJar(place, jar))).toList(),
				places.stream().flatMap(place -> jarsIn(place.resolve("lib"))).toList(),
				likely.stream().map(CallbackJars::real).distinct().filter(folder -> jarsIn(folder).findAny().isPresent()
						&& places.stream().noneMatch(place -> real(place).startsWith(folder))).toList());
	}

	private static Path real(Path place) {
		try {
			return place.toRealPath();
		}
		catch (IOException e) {
			return place.toAbsolutePath().normalize(); // it does not exist
		}
	}

	private static Path home() {
		File source = new ApplicationHome(HawserApplication.class).getSource();
		return source != null && source.isFile() ? source.getAbsoluteFile().getParentFile().toPath() : Path.of("");
	}

	private static Stream<Path> jarsIn(Path place) {
		if (!Files.isDirectory(place)) {
			return place.toString().endsWith(".jar") && Files.exists(place) ? Stream.of(place) : Stream.empty();
		}
		try (Stream<Path> entries = Files.list(place)) {
			return entries.filter(CallbackJars::isJar).sorted().toList().stream();
		}
		catch (IOException e) {
			LOG.warn("The folder {} cannot be read: {}", place, e.toString());
			return Stream.empty();
		}
	}

	private static boolean isJar(Path entry) {
		String name = entry.getFileName().toString();
		if (name.startsWith("._") && name.endsWith(".jar")) {
			LOG.warn("{} is left out: macOS keeps notes about another file in it, and no classes", entry);
			return false;
		}
		return name.endsWith(".jar") && !Files.isDirectory(entry);
	}

	/** Loads the classes of the server and of the jars. Its class loader becomes this thread's context class loader. */
	ResourceLoader resourceLoader() {
		Thread.currentThread().setContextClassLoader(classLoader);
		return new DefaultResourceLoader(classLoader);
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addBeanFactoryPostProcessor(new Scan());
	}

	/**
	 * Checks and scans the jars. This happens here, and not when the jars are found, so that a bad jar is reported like every other
	 * failed start.
	 */
	private final class Scan implements BeanDefinitionRegistryPostProcessor {
		@Override
		public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
			overlooked
					.forEach(folder -> LOG.warn("The folder {} has jars that are not read: callbacks come from {}. Move the jars there, or"
							+ " name each place in LOADER_PATH, separated by commas", folder, places));
			checkClasses();
			Map<Path, Integer> components = new HashMap<>();
			for (CallbackJar jar : jars) {
				int found = jar.scan(registry, classLoader);
				LOG.info("{} brings {} components", jar.path().getFileName(), found);
				components.merge(jar.place(), found, Integer::sum);
			}
			for (Path place : named) {
				if (components.getOrDefault(place, 0) == 0) {
					throw new InvalidCallbacksException(
							"LOADER_PATH names " + place
									+ (Files.exists(place) ? ", which brings no component." : ", which does not exist."),
							"Name a jar whose classes have @Component or @Configuration, or a folder with such a jar; without LOADER_PATH the folder"
									+ " callbacks beside hawser.jar is looked into.");
				}
			}
		}

		private void checkClasses() {
			Map<String, CallbackJar> owners = new HashMap<>();
			for (CallbackJar jar : jars) {
				Set<String> classes = jar.check(classLoader);
				for (String name : classes) {
					CallbackJar other = owners.putIfAbsent(name, jar);
					if (other != null) {
						throw new InvalidCallbacksException(other.path() + " and " + jar.path() + " both have the class " + name
								+ ": only one of them could be used.",
								"Remove the jar that is out of date, or put what both need into the folder lib.");
					}
				}
			}
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		}
	}

	private static URL url(Path jar) {
		try {
			return jar.toUri().toURL();
		}
		catch (MalformedURLException e) {
			throw new IllegalArgumentException(e);
		}
	}
}
