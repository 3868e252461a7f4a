package dev.hawser.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Collects the answer of an issuer, up to a maximum size. Filled by one thread at a time. */
final class IssuerAnswer implements Response.Listener {
	/** Largest answer in bytes. Large issuers publish a few dozen keys with their certificates: about 50 KB. */
	static final int LARGEST = 256 * 1024;
	/** Bounds the work for an answer: in chunks of one byte it costs a hundred times as much as in one piece. */
	private static final int MOST_PIECES = 5_000;

	private final CompletableFuture<IssuerAnswer> whole = new CompletableFuture<>();
	private final ByteArrayOutputStream body = new ByteArrayOutputStream();
	private int pieces;
	private int status;

	@Override
	public void onContent(Response response, ByteBuffer content) {
		if (++pieces > MOST_PIECES || body.size() + content.remaining() > LARGEST) {
			CompletableFuture<Boolean> _ = response.abort(new IOException("The answer is too large, or comes in too many pieces"));
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
			status = result.getResponse().getStatus();
			whole.complete(this);
		}
	}

	/** Blocks until the answer is complete, at most for the timeout. */
	IssuerAnswer await(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
		return whole.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Whether the connection can be used again. After a 101 it speaks another protocol. */
	boolean isComplete() {
		return whole.state() == Future.State.SUCCESS && status != HttpStatus.SWITCHING_PROTOCOLS_101;
	}

	Map<String, @Nullable Object> json() throws IOException {
		if (status != 200) {
			throw new UnexpectedStatusException(status);
		}
		try {
			return JsonObject.parse(body.toByteArray());
		}
		catch (ParseException e) {
			throw new IOException("its answer is no JSON object");
		}
	}

	/** An answer with another status than 200. */
	static final class UnexpectedStatusException extends IOException {
		private static final long serialVersionUID = 1L;

		private final int status;

		UnexpectedStatusException(int status) {
			super("it answered " + status);
			this.status = status;
		}

		int status() {
			return status;
		}
	}
}
