package dev.hawser;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/**
 * Callbacks that come as jars, without rebuilding the server: those in the folder {@code callbacks} beside {@code
 * hawser.jar} (or in the working directory), or what {@code LOADER_PATH} names instead: folders and jars, separated by
 * commas. Their components become beans. Jars in a folder {@code lib} within are on the class path only.
 */
final class CallbackJars implements ApplicationContextInitializer<ConfigurableApplicationContext> {
	private static final Logger LOG = LoggerFactory.getLogger(CallbackJars.class);
	private static final String FOLDER = "callbacks";

	private final List<Path> jars;
	private final ClassLoader classLoader;

	private CallbackJars(List<Path> jars, List<Path> libraries) {
		this.jars = jars;
		List<Path> all = new ArrayList<>(jars);
		all.addAll(libraries);
		ClassLoader parent = CallbackJars.class.getClassLoader();
		this.classLoader = all.isEmpty() ? parent : new URLClassLoader("callbacks",
				all.stream().map(CallbackJars::url).toArray(URL[]::new), parent);
	}

	/** Looks where {@code LOADER_PATH} (or the system property {@code loader.path}) says, else beside the jar. */
	static CallbackJars find() {
		String path = System.getProperty("loader.path", System.getenv("LOADER_PATH"));
		List<Path> places = path == null || path.isBlank() ? List.of(home().resolve(FOLDER))
				: Arrays.stream(path.split(",")).map(String::strip).map(Path::of).toList();
		List<Path> jars = places.stream().flatMap(CallbackJars::jarsIn).toList();
		return new CallbackJars(jars, places.stream().flatMap(place -> jarsIn(place.resolve("lib"))).toList());
	}

	private static Path home() {
		File source = new ApplicationHome(HawserApplication.class).getSource();
		return source != null && source.isFile() ? source.getAbsoluteFile().getParentFile().toPath() : Path.of("");
	}

	private static Stream<Path> jarsIn(Path place) {
		if (place.toString().endsWith(".jar")) {
			return Files.isRegularFile(place) ? Stream.of(place) : Stream.empty();
		}
		if (!Files.isDirectory(place)) {
			return Stream.empty();
		}
		try (Stream<Path> entries = Files.list(place)) {
			return entries.filter(entry -> entry.toString().endsWith(".jar")).sorted().toList().stream();
		}
		catch (IOException e) {
			throw new UncheckedIOException("Cannot list the callback jars in " + place, e);
		}
	}

	/** Finds the classes of the server and of the jars; also becomes this thread's context class loader. */
	ResourceLoader resourceLoader() {
		Thread.currentThread().setContextClassLoader(classLoader);
		return new DefaultResourceLoader(classLoader);
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		if (!jars.isEmpty()) {
			context.addBeanFactoryPostProcessor(new Scan());
		}
	}

	private final class Scan implements BeanDefinitionRegistryPostProcessor {
		@Override
		public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
			ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(registry);
			scanner.setResourceLoader(new DefaultResourceLoader(classLoader));
			for (Path jar : jars) {
				Set<String> packages = packagesOf(jar);
				int found = packages.isEmpty() ? 0 : scanner.scan(packages.toArray(String[]::new));
				LOG.info("{} brings {} components", jar.getFileName(), found);
			}
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		}
	}

	/** The outermost packages that have classes: scanning goes inwards by itself. */
	private static Set<String> packagesOf(Path jar) {
		Set<String> packages = new TreeSet<>();
		try (JarFile file = new JarFile(jar.toFile())) {
			file.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
					.filter(name -> name.contains("/")).forEach(name -> packages.add(name.substring(0, name.lastIndexOf('/'))));
		}
		catch (IOException e) {
			throw new UncheckedIOException("Cannot read the callback jar " + jar, e);
		}
		packages.removeIf(name -> packages.stream().anyMatch(outer -> name.startsWith(outer + "/")));
		Set<String> names = new TreeSet<>();
		packages.forEach(name -> names.add(name.replace('/', '.')));
		return names;
	}

	private static URL url(Path jar) {
		try {
			return jar.toUri().toURL();
		}
		catch (MalformedURLException e) {
			throw new UncheckedIOException(e);
		}
	}
}
