package dev.hawser.application;

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
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
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
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.ResourcePatternResolver;

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
			for (Path jar : jars) {
				scanner.setResourceLoader(new ClassesOf(jar, classLoader));
				LOG.info("{} brings {} components", jar.getFileName(), scanner.scan(""));
			}
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		}
	}

	/** All classes of one jar, for any pattern. Class loaders find a package only where the jar has an entry for its folder. */
	private static final class ClassesOf extends DefaultResourceLoader implements ResourcePatternResolver {
		private final Path jar;

		private ClassesOf(Path jar, ClassLoader classLoader) {
			super(classLoader);
			this.jar = jar;
		}

		@Override
		public Resource[] getResources(String pattern) {
			try (JarFile file = new JarFile(jar.toFile())) {
				return file.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
						.map(this::getResource).toArray(Resource[]::new);
			}
			catch (IOException e) {
				throw new UncheckedIOException("Cannot read the callback jar " + jar, e);
			}
		}
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
