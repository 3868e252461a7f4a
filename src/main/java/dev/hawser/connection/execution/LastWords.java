package dev.hawser.connection.execution;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process with a sentence on standard error, without any memory: two threads wait from the beginning, one to write the sentence,
 * the other to end the process. The second does not wait for long, since standard error may be a pipe that nothing reads.
 */
final class LastWords {
	/** Exit status: an internal error of the software ({@code EX_SOFTWARE} of sysexits.h). */
	static final int STATUS = 70;
	private static final byte[] SENTENCE = ("Hawser ends with status " + STATUS + ": a thread has met an error after which the server"
			+ " cannot be relied on, such as the end of its memory.\n").getBytes(StandardCharsets.UTF_8);
	private static final long PATIENCE_NANOS = 2_000_000_000L;

	private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);
	private final PrintStream details = new PrintStream(out, false, StandardCharsets.UTF_8);
	private final Thread writer = Thread.ofPlatform().daemon().name("hawser-last-words").unstarted(this::write);
	private final Thread ender = Thread.ofPlatform().daemon().name("hawser-end").unstarted(this::end);
	private volatile @Nullable Throwable cause;
	private volatile @Nullable Thread where;
	private volatile boolean written;

	private LastWords() {
	}

	static LastWords prepare() {
		LastWords words = new LastWords();
		words.writer.start();
		words.ender.start();
		return words;
	}

	/** Returns at once; the process ends within {@link #PATIENCE_NANOS}. */
	void say(Throwable failure) {
		if (cause == null) {
			where = Thread.currentThread();
			cause = failure;
		}
		LockSupport.unpark(writer);
		LockSupport.unpark(ender);
	}

	private void write() {
		Throwable failure = await();
		try {
			out.write(SENTENCE);
			Thread thread = where;
			details.print(thread == null ? "" : thread.getName()); // from here on memory is needed, which there may not be
			details.print(": ");
			failure.printStackTrace(details);
			details.flush();
		}
		catch (IOException | RuntimeException | Error e) {
			// the sentence is what matters, and nothing more can be done for it
		}
		written = true;
		LockSupport.unpark(ender);
	}

	private void end() {
		await();
		long begun = System.nanoTime();
		for (long left = PATIENCE_NANOS; left > 0 && !written; left = PATIENCE_NANOS - (System.nanoTime() - begun)) {
			LockSupport.parkNanos(this, left);
		}
		Runtime.getRuntime().halt(STATUS);
	}

	private Throwable await() {
		Throwable failure = cause;
		while (failure == null) {
			LockSupport.park(this);
			failure = cause;
		}
		return failure;
	}
}
