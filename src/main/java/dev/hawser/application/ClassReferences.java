package dev.hawser.application;

import java.io.DataInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * The Java version of a class file, and the Hawser classes that it names.
 *
 * @param java  the oldest Java that can run the class
 * @param names names of classes below {@code dev.hawser}
 */
record ClassReferences(int java, Set<String> names) {
	private static final int MAGIC = 0xCAFEBABE;
	private static final int MAJOR_VERSION_OF_JAVA_0 = 44;
	private static final Pattern HAWSER = Pattern.compile("dev/hawser/(?:\\w+/)*\\w+");
	private static final String API = "dev.hawser.api.";

	/** Reads a class file up to the end of its constant pool (JVM specification, 4.1 and 4.4). */
	static ClassReferences of(byte[] classFile) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
		if (in.readInt() != MAGIC) {
			throw new IOException("one of its class files is not a class file");
		}
		in.readUnsignedShort(); // the minor version
		int java = in.readUnsignedShort() - MAJOR_VERSION_OF_JAVA_0;
		Set<String> names = new TreeSet<>();
		int constants = in.readUnsignedShort();
		for (int i = 1; i < constants; i++) {
			int tag = in.readUnsignedByte();
			if (tag == 1) { // a string: contains names of classes, also in the types of methods and annotations
				Matcher name = HAWSER.matcher(in.readUTF());
				while (name.find()) {
					names.add(name.group().replace('/', '.'));
				}
			}
			else {
				in.skipNBytes(length(tag));
				i += tag == 5 || tag == 6 ? 1 : 0; // a long or a double counts twice
			}
		}
		return new ClassReferences(java, names);
	}

	private static int length(int tag) throws IOException {
		return switch (tag) {
			case 7, 8, 16, 19, 20 -> 2;
			case 15 -> 3;
			case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
			case 5, 6 -> 8;
			default -> throw new IOException("one of its classes is broken");
		};
	}

	boolean needsNewerJava() {
		return java > Runtime.version().feature();
	}

	/** Sentences about the named Hawser classes that do not exist any more: the old name and the new one. */
	Set<String> toAnOlderHawser(ClassLoader here) {
		Set<String> sentences = new TreeSet<>();
		for (String name : names) {
			String successor = successor(name);
			if (successor != null && !name.equals(successor) && !ClassUtils.isPresent(name, here)
					&& ClassUtils.isPresent(successor, here)) {
				sentences.add(name + " is now " + successor);
			}
		}
		return sentences;
	}

	private static @Nullable String successor(String name) {
		String simple = name.substring(name.lastIndexOf('.') + 1);
		return switch (simple) {
			case "Hub" -> API + "ForHub";
			case "" -> null;
			default -> API + simple;
		};
	}
}
