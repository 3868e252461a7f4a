package dev.hawser.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes jars as an application's own build would: compiled against the server and what comes with it. */
public final class CallbackJarBuilder {
	private final Path classes;

	/** Compiled classes go to this folder. */
	public CallbackJarBuilder(Path classes) {
		this.classes = classes;
	}

	/** Compiles sources, each under its name: package and class, with slashes. */
	public CallbackJarBuilder compile(Map<String, String> sources) throws IOException {
		Files.createDirectories(classes);
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		List<? extends JavaFileObject> files = sources.entrySet().stream()
				.map(source -> new Source(source.getKey(), source.getValue())).toList();
		List<String> options = List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-parameters",
				"-proc:none");
		if (!compiler.getTask(null, null, null, options, null, files).call()) {
			throw new IOException("The sources do not compile; the reasons are in the error output");
		}
		return this;
	}

	private static final class Source extends SimpleJavaFileObject {
		private final String code;

		private Source(String name, String code) {
			super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
			this.code = code;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return code;
		}
	}

	/** Packs the classes of a package, and of those within it, into a jar. */
	public void jar(Path jar, String within) throws IOException {
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream out = new JarOutputStream(file);
				Stream<Path> all = Files.walk(classes.resolve(within))) {
			for (Path entry : all.filter(Files::isRegularFile).toList()) {
				out.putNextEntry(new ZipEntry(classes.relativize(entry).toString().replace('\\', '/')));
				Files.copy(entry, out);
			}
		}
	}
}
