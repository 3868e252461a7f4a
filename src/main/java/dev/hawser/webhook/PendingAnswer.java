package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Collects the answer to one call, up to a maximum size, for the thread that waits for it. Filled by one thread at a time. */
final class PendingAnswer implements Response.Listener {
	/** Name of the request's attribute that holds its answer. */
	static final String ATTRIBUTE = PendingAnswer.class.getName();

	/** A small body is the normal case, and many have none. */
	private static final int FIRST_SIZE = 256;
	/** Higher ones have no meaning (RFC 9110 section 15). */
	private static final int MOST_STATUS = 599;
	private static final byte[] NO_BODY = new byte[0];

	private final long largest;
	private final CompletableFuture<Answer> whole = new CompletableFuture<>();
	private @Nullable ByteArrayOutputStream body;
	/** Whether a part of the answer has come. */
	private volatile boolean begun;
	private volatile boolean tooLarge;

	/** @param largest most bytes of the body */
	PendingAnswer(long largest) {
		this.largest = largest;
	}

	@Override
	public void onBegin(Response response) {
		begins();
	}

	/** A part of the answer has come. */
	void begins() {
		begun = true;
	}

	boolean isBegun() {
		return begun;
	}

	/** What comes is no answer, whatever has come before. Does nothing once the whole answer is there. */
	void breaks() {
		begun = true;
		whole.completeExceptionally(new IOException("The answer breaks the rules of HTTP"));
	}

	@Override
	public void onContent(Response response, ByteBuffer content) {
		if (body == null) {
			body = new ByteArrayOutputStream(FIRST_SIZE);
		}
		if (body.size() + content.remaining() > largest) {
			tooLarge = true;
			CompletableFuture<Boolean> _ = response.abort(new IOException("The answer is too large"));
		}
		else {
			body.writeBytes(BufferUtil.toArray(content));
		}
	}

	@Override
	public void onComplete(Result result) {
		if (result.isFailed()) {
			whole.completeExceptionally(result.getFailure());
		}
		else {
			Response response = result.getResponse();
			whole.complete(new Answer(response.getStatus(), response.getHeaders(), body == null ? NO_BODY : body.toByteArray()));
		}
	}

	/**
	 * Blocks until the answer to this request is complete, at most for the timeout.
	 *
	 * @param giveUp is done with the request when there is no complete answer
	 */
	Answer await(Request request, Duration timeout, Consumer<Request> giveUp) throws NoAnswerException, InterruptedException {
		boolean usable = false;
		try {
			Answer answer = whole.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
			if (answer.status() < HttpStatus.OK_200 || answer.status() > MOST_STATUS) {
				throw new NoAnswerException(Reason.INVALID, "it answers " + answer.status());
			}
			usable = true;
			return answer;
		}
		catch (TimeoutException e) {
			throw new NoAnswerException(Reason.TIMEOUT, "it did not answer in " + timeout.toMillis() + "ms");
		}
		catch (ExecutionException e) {
			throw failure(e.getCause());
		}
		finally {
			if (!usable) {
				giveUp.accept(request);
			}
		}
	}

	/** Messages of the HTTP client are left out, since they may quote the answer. */
	private NoAnswerException failure(@Nullable Throwable cause) {
		if (cause instanceof AllowedAddresses.RefusedAddressException) {
			return new NoAnswerException(Reason.FORBIDDEN,
					"its address is link-local, or one of a metadata service, and allow-link-local is not set");
		}
		if (tooLarge) {
			return new NoAnswerException(Reason.LARGE, "its answer has more than " + largest + " bytes");
		}
		return begun || cause instanceof HttpResponseException
				? new NoAnswerException(Reason.BROKEN, "it hung up in the middle of an answer, or its answer is no HTTP")
				: new NoAnswerException(Reason.UNREACHABLE, "it cannot be reached, or hung up without an answer");
	}
}
