package dev.hawser.webhook;

import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.jspecify.annotations.Nullable;

/**
 * Sees the frames of answers over HTTP/2 as they come, before Jetty hands them over. An answer is a head, a body and an end (RFC 9113
 * section 8.1). Where a backend sends anything else, such as a second answer on the same stream, Jetty drops what has come, and then
 * takes the answer for an empty one or waits for the rest; so the call fails here, unless its answer has been handed over already.
 */
final class Http2Answers implements HTTP2Session.FrameListener {

	/** A call has got its stream. */
	static void expect(Stream stream, @Nullable HttpExchange exchange) {
		if (exchange != null && exchange.getRequest().getAttributes().get(PendingAnswer.ATTRIBUTE) instanceof PendingAnswer answer) {
			stream.setAttribute(PendingAnswer.ATTRIBUTE, answer);
		}
	}

	@Override
	public void onIncomingFrame(Session session, Frame frame) {
		switch (frame) {
			case HeadersFrame headers when headers.getMetaData() instanceof MetaData.Response head && head.getStatus() >= 200 ->
				comes(session, headers.getStreamId(), true);
			case DataFrame data -> comes(session, data.getStreamId(), false);
			default -> {
				// it is no part of an answer
			}
		}
	}

	/** @param isHead whether it is the first part of an answer; any other one must have a head before it */
	private static void comes(Session session, int streamId, boolean isHead) {
		HTTP2Stream stream = (HTTP2Stream) session.getStream(streamId);
		PendingAnswer answer = answer(stream);
		if (answer == null) {
			return;
		}
		if (answer.isBegun() == isHead || stream.isLastDataReceived()) {
			answer.breaks();
		}
		else {
			answer.begins();
		}
	}

	/** Jetty gives up a stream by itself only because of what has come on it. */
	@Override
	public void onOutgoingFrame(Session session, Frame frame) {
		if (frame instanceof ResetFrame reset && reset.getError() != ErrorCode.CANCEL_STREAM_ERROR.code) {
			PendingAnswer answer = answer(session.getStream(reset.getStreamId()));
			if (answer != null) {
				answer.breaks();
			}
		}
	}

	private static @Nullable PendingAnswer answer(@Nullable Stream stream) {
		return stream == null ? null : (PendingAnswer) stream.getAttribute(PendingAnswer.ATTRIBUTE);
	}
}
