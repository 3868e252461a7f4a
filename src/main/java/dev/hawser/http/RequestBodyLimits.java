package dev.hawser.http;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.connection.limit.RefusedBody;
import dev.hawser.http.proxy.RefusedRequestException;
import dev.hawser.http.upgrade.UnreadBytes;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the bodies of requests that a controller of the application reads: their size, and the time until their end arrives. A
 * body that is not read costs nothing: it stays in the socket, which is closed after the answer, and the answer says so.
 */
final class RequestBodyLimits extends Handler.Wrapper {
	private static final Logger LOG = LoggerFactory.getLogger(RequestBodyLimits.class);

	/** Attribute of a request whose body was refused while it was read: the {@link RefusedRequestException}. */
	static final String REFUSAL = RequestBodyLimits.class.getName();

	/** Time in which bytes that are in the socket are read, before the client is judged again. */
	private static final long GRACE_MILLIS = 1000;

	private final long mostBytes;
	private final long timeoutMillis;
	private final MemoryBudget memory;

	/** @param memory charged for what has been read of the bodies */
	RequestBodyLimits(@Nullable Handler next, RequestSettings settings, MemoryBudget memory) {
		super(next);
		this.memory = memory;
		this.mostBytes = settings.bodySize().toBytes();
		this.timeoutMillis = settings.bodyTimeout().toMillis();
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) throws Exception {
		long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
		if (HttpMethod.CONNECT.is(request.getMethod()) || !mayHaveBody(request, length)) { // a CONNECT is followed by frames
			return super.handle(request, response, callback);
		}
		if (length > mostBytes) {
			Response.writeError(request, response, callback, tooLarge());
			return true;
		}
		Limited limited = new Limited(request);
		limited.overdueIn(timeoutMillis);
		Request.addCompletionListener(request, _ -> limited.end());
		return super.handle(limited, new Announcing(request, response), Callback.from(() -> succeed(request, callback), callback::failed));
	}

	/**
	 * Completes the request. Jetty throws here when an incomplete multipart is cleaned up, and again when that failure is answered.
	 */
	private static void succeed(Request request, Callback callback) {
		EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
		try {
			callback.succeeded();
		}
		catch (RuntimeException e) {
			LOG.debug("A request was answered but could not be completed", e);
			endPoint.close();
		}
	}

	/** HTTP/1.1 announces a body in the head (RFC 9112 section 6.3); over HTTP/2 a body may follow any head. */
	private static boolean mayHaveBody(Request request, long length) {
		return length > 0 || (length < 0 && (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
				|| request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2));
	}

	private static RefusedRequestException tooLarge() {
		return new RefusedRequestException(HttpStatus.PAYLOAD_TOO_LARGE_413, "body-size",
				"The request's body is larger than hawser.request.body-size allows.");
	}

	/**
	 * An answer that is whole before its request is, or a refusal: what is left of the body could not be told from the next request. Without a word of
	 * that, a client would send its next request on the connection, which is being closed.
	 */
	private static final class Announcing extends Response.Wrapper {
		Announcing(Request request, Response response) {
			super(request, response);
		}

		@Override
		public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
			if ((last || HttpStatus.isClientError(getStatus())) && !isCommitted()
					&& getRequest().getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2
					&& !getRequest().consumeAvailable()) {
				getHeaders().put(HttpFields.CONNECTION_CLOSE);
			}
			super.write(last, content, callback);
		}
	}

	private final class Limited extends Request.Wrapper {
		private final BodyMemory held = new BodyMemory(memory, this::letGo);
		private long read;
		private volatile boolean ended;
		private volatile Scheduler.@Nullable Task deadline;

		Limited(Request request) {
			super(request);
		}

		void overdueIn(long millis) {
			deadline = getComponents().getScheduler().schedule(this::overdue, millis, TimeUnit.MILLISECONDS);
		}

		/** The request is over. */
		void end() {
			ended = true;
			held.release();
			Scheduler.Task last = deadline;
			if (last != null) {
				last.cancel();
			}
		}

		/** Called by the scheduler's thread. A body that is in the socket when the time is over is read first. */
		private void overdue() {
			if (ended) {
				return;
			}
			if (UnreadBytes.areDueIn(getConnectionMetaData().getConnection().getEndPoint())) {
				overdueIn(GRACE_MILLIS);
			}
			else {
				fail(new RefusedRequestException(HttpStatus.REQUEST_TIMEOUT_408, "body-timeout",
						"The request's body did not come within hawser.request.body-timeout."));
			}
		}

		/** Called by the thread that watches the memory. */
		private void letGo() {
			fail(new RefusedRequestException(HttpStatus.SERVICE_UNAVAILABLE_503, "memory",
					"This server is short of memory, and the request's body took most of it: send it again later."));
		}

		private void fail(RefusedRequestException refusal) {
			setAttribute(REFUSAL, refusal);
			setAttribute(RefusedBody.ATTRIBUTE, new RefusedBody(refusal.getCode(), refusal.detail())); // for rooms that do not know this one
			getWrapped().fail(refusal);
		}

		@Override
		public Content.@Nullable Chunk read() {
			Content.Chunk chunk = super.read();
			if (chunk == null || Content.Chunk.isFailure(chunk)) {
				return chunk;
			}
			read += chunk.remaining();
			held.add(chunk.remaining());
			if (read > mostBytes) {
				chunk.release();
				fail(tooLarge());
				return super.read(); // the failure
			}
			ended = chunk.isLast();
			return chunk;
		}
	}
}
