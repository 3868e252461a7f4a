package dev.hawser.push.rest;

import dev.hawser.push.SharedAnswers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes know of requests with an {@code Idempotency-Key}. An entry says which request it is of, and either that it is being
 * carried out, or its answer:
 *
 * <pre>
 *  1 length digest 0 mark
 *  1 length digest 1 status delivery length body
 * </pre>
 *
 * While the entries cannot be reached each node knows its own only. Safe for any thread, and may wait.
 */
final class ElsewhereAnswered {
	private static final int VERSION = 1;
	private static final int UNDER_WAY = 0;
	private static final int ANSWERED = 1;
	private static final int LARGEST_ANSWER = 64 * 1024;
	private static final Duration PATIENCE = Duration.ofMillis(250);
	/** For how long an entry says that its request is being carried out, if its node dies meanwhile. */
	private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

	private final SharedAnswers answers;

	ElsewhereAnswered(SharedAnswers answers) {
		this.answers = answers;
	}

	/**
	 * An entry.
	 *
	 * @param request the digest of its request
	 * @param answer  null while the request is being carried out
	 */
	record Entry(byte[] request, @Nullable Answer answer) {
	}

	/** A request that this node has begun. */
	record Begun(String name, byte[] entry) {
	}

	/**
	 * Says to the other nodes that a request is being carried out here.
	 *
	 * @return what another node knows of it; null when this one is the first, or no other can be asked
	 */
	@Nullable
	Entry begin(Begun begun) {
		Optional<byte[]> known = result(answers.begin(begun.name, begun.entry, LONGEST_REQUEST));
		return known == null || known.isEmpty() ? null : read(known.get());
	}

	/** A request that is to begin. */
	static Begun begun(String name, byte[] request) {
		return new Begun(name, write(request, UNDER_WAY, out -> out.writeUTF(UUID.randomUUID().toString())));
	}

	/** This node forgets an answer, and so do the others: what all of them remember stays bounded. Does not wait. */
	void forget(String name, byte[] request, Answer answer) {
		var _ = answers.remove(name, write(request, ANSWERED, out -> write(answer, out)));
	}

	/** Lets the other nodes know the answer, or that there is none to know. */
	void end(Begun begun, byte[] request, @Nullable Answer answer, Duration time) {
		if (answer == null || answer.size() > LARGEST_ANSWER) {
			var _ = result(answers.remove(begun.name, begun.entry));
		}
		else {
			var _ = result(answers.replace(begun.name, begun.entry, write(request, ANSWERED, out -> write(answer, out)), time));
		}
	}

	/** Null when it is not known in time. */
	private static <T> @Nullable T result(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (ExecutionException | TimeoutException e) {
			return null;
		}
	}

	/** Writes a part of an entry. */
	private interface Part {
		void write(DataOutputStream out) throws IOException;
	}

	private static byte[] write(byte[] request, int kind, Part rest) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		try {
			out.writeByte(VERSION);
			out.writeByte(request.length);
			out.write(request);
			out.writeByte(kind);
			rest.write(out);
		}
		catch (IOException e) {
			throw new UncheckedIOException("An array takes all bytes", e);
		}
		return bytes.toByteArray();
	}

	private static void write(Answer answer, DataOutputStream out) throws IOException {
		out.writeShort(answer.status());
		out.writeUTF(answer.delivery() == null ? "" : answer.delivery());
		byte[] body = answer.body();
		out.writeInt(body == null ? -1 : body.length);
		if (body != null) {
			out.write(body);
		}
	}

	/** Null for what another version has written. */
	private static @Nullable Entry read(byte[] bytes) {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
		try {
			if (in.readByte() != VERSION) {
				return null;
			}
			byte[] request = in.readNBytes(in.readUnsignedByte());
			return new Entry(request, in.readByte() == UNDER_WAY ? null : answer(in));
		}
		catch (IOException e) {
			return null;
		}
	}

	private static Answer answer(DataInputStream in) throws IOException {
		int status = in.readUnsignedShort();
		String delivery = in.readUTF();
		int length = in.readInt();
		byte[] body = length < 0 ? null : Arrays.copyOf(in.readNBytes(length), length);
		return new Answer(status, body, delivery.isEmpty() ? null : delivery, false);
	}
}
