package dev.hawser.application;

import dev.hawser.callback.InvalidCallbacksException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;

/**
 * A jar with callbacks.
 *
 * @param place the folder in which it was found, or the jar itself
 */
record CallbackJar(Path place, Path path) {
	private static final String CLASS = ".class";

	/**
	 * Checks the jar and returns the names of its classes.
	 *
	 * @throws InvalidCallbacksException when the jar cannot be used
	 */
	Set<String> check(ClassLoader classLoader) {
		if (!Files.exists(path)) {
			throw new InvalidCallbacksException(path + " is a link to a file that does not exist.", "Correct the link or remove it.");
		}
		try (JarFile file = new JarFile(path.toFile())) {
			if (file.getEntry("BOOT-INF/") != null || file.getEntry("BOOT-INF/classes/") != null) {
				throw new InvalidCallbacksException(path + " is a whole Spring Boot application, with its classes in BOOT-INF.",
						"Bring the plain jar of the callbacks, as it is before Spring Boot's plugin packs it (Gradle's ends with -plain.jar), and"
								+ " the libraries that they need in a folder lib beside it.");
			}
			SortedSet<String> old = new TreeSet<>();
			for (ZipEntry entry : classes(file)) {
				ClassReferences references = ClassReferences.of(file.getInputStream(entry).readAllBytes());
				if (references.needsNewerJava()) {
					throw new InvalidCallbacksException(
							path + " is compiled for Java " + references.java() + ", but the server runs on Java "
									+ Runtime.version().feature() + ".",
							"Compile it with --release " + Runtime.version().feature() + ".");
				}
				old.addAll(references.toAnOlderHawser(classLoader));
			}
			if (!old.isEmpty()) {
				throw new InvalidCallbacksException(path + " is compiled against an older Hawser: " + String.join(", ", old) + ".",
						"Change these names and compile it against this version's hawser-api; the change log has the whole list.");
			}
			return classes(file).stream().map(ZipEntry::getName).map(CallbackJar::className).collect(Collectors.toSet());
		}
		catch (IOException e) {
			throw new InvalidCallbacksException(path + " cannot be read as a jar (" + e.getMessage() + ").",
					"Copy it again, or remove it.");
		}
	}

	/** Registers the components of the jar as beans; returns how many there are. */
	int scan(BeanDefinitionRegistry registry, ClassLoader classLoader) {
		return new ComponentScan(registry, new ClassesOf(this, classLoader)).scan("");
	}

	private static List<? extends ZipEntry> classes(JarFile file) {
		return file.stream().filter(entry -> entry.getName().endsWith(CLASS) && !entry.getName().startsWith("META-INF/")).toList();
	}

	private static String className(String entry) {
		return entry.substring(0, entry.length() - CLASS.length()).replace('/', '.');
	}

	/**
	 * Returns all classes of the jar, whatever the pattern. A class loader would find a package only if the jar has an entry for
	 * its folder.
	 */
	private static final class ClassesOf extends DefaultResourceLoader implements ResourcePatternResolver {
		private final CallbackJar jar;

		private ClassesOf(CallbackJar jar, ClassLoader classLoader) {
			super(classLoader);
			this.jar = jar;
		}

		@Override
		public Resource[] getResources(String pattern) throws IOException {
			try (JarFile file = new JarFile(jar.path().toFile())) {
				return classes(file).stream().map(ZipEntry::getName).map(this::getResource).toArray(Resource[]::new);
			}
		}
	}
}
