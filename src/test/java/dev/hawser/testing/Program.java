package dev.hawser.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A program outside of this JVM. What it writes, errors included, is kept; it does not outlive its test. */
public final class Program implements AutoCloseable {
	/** A start on a busy machine is slow. */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final Process process;
	private final ReentrantLock lock = new ReentrantLock();
	private final Condition changed = lock.newCondition();
	private final StringBuilder output = new StringBuilder();
	private final Thread reader;
	private boolean held;
	private boolean ended;

	private Program(Process process) {
		this.process = process;
		// no virtual one: while it waits for a silent program it would keep a processor from all others
		this.reader = Thread.ofPlatform().daemon().start(this::read);
	}

	/** The first of these programs that is installed. */
	public static Optional<Path> onPath(String... names) {
		String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
		return Stream.of(names).flatMap(name -> Arrays.stream(folders).map(folder -> Path.of(folder, name)))
				.filter(Files::isExecutable).findFirst();
	}

	/** Starts a program; its standard input stays open and silent. */
	public static Program start(Path directory, Map<String, String> environment, String... command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
		builder.environment().putAll(environment);
		return new Program(builder.start());
	}

	private void read() {
		try (BufferedReader lines = process.inputReader()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				heard(line);
				awaitRelease();
			}
		}
		catch (IOException e) {
			heard("(output lost: " + e.getMessage() + ")");
		}
		lock.lock();
		try {
			ended = true;
			changed.signalAll();
		}
		finally {
			lock.unlock();
		}
	}

	private void awaitRelease() {
		lock.lock();
		try {
			while (held) {
				changed.awaitUninterruptibly();
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** From now on reads nothing that it writes, so that it finds its output full. */
	public void hold() {
		hold(true);
	}

	/** Reads what it writes again. */
	public void release() {
		hold(false);
	}

	private void hold(boolean hold) {
		lock.lock();
		try {
			held = hold;
			changed.signalAll();
		}
		finally {
			lock.unlock();
		}
	}

	private void heard(String line) {
		lock.lock();
		try {
			output.append(line).append('\n');
			changed.signalAll();
		}
		finally {
			lock.unlock();
		}
	}

	/** Everything that the program has written so far. */
	public String output() {
		lock.lock();
		try {
			return output.toString();
		}
		finally {
			lock.unlock();
		}
	}

	/** The first line with this text, waiting for it. */
	public String line(String part) throws InterruptedException {
		Predicate<String> wanted = line -> line.contains(part);
		lock.lock();
		try {
			for (long left = PATIENCE.toNanos();; left = changed.awaitNanos(left)) {
				Optional<String> line = output.toString().lines().filter(wanted).findFirst();
				if (line.isPresent()) {
					return line.get();
				}
				if (ended || left <= 0) {
					throw new AssertionError("No line with '" + part + "' in:\n" + output);
				}
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** Whether the program has ended. */
	public boolean hasEnded() {
		return !process.isAlive();
	}

	/** Waits for the end of the program, and returns its exit code. */
	public int exitCode() throws InterruptedException {
		if (!process.waitFor(PATIENCE)) {
			throw new AssertionError("Still running after " + PATIENCE.toSeconds() + " s:\n" + output());
		}
		release();
		reader.join(PATIENCE);
		return process.exitValue();
	}

	/** Asks the program to stop, with SIGTERM where there are signals. */
	public void terminate() {
		process.toHandle().destroy(); // process.destroy() would also close its output
	}

	/** Sends the program this signal, such as {@code STOP}. */
	public void signal(String name) throws IOException, InterruptedException {
		Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
		if (!kill.waitFor(PATIENCE) || kill.exitValue() != 0) {
			throw new AssertionError("kill -" + name + " failed");
		}
	}

	/** Ends the program and all programs that it started. */
	@Override
	public void close() {
		Stream<ProcessHandle> children = process.descendants().toList().stream();
		process.destroyForcibly();
		children.forEach(ProcessHandle::destroyForcibly);
		try {
			process.waitFor(PATIENCE);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}
}
