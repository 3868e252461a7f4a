package dev.hawser.handshake;

import org.springframework.http.server.ServerHttpRequest;

/** What handshakes on the short way run in. Those on the long way have the servlet container's filters around them. */
@FunctionalInterface
public interface HandshakeContext {
	/** Runs the handshake, once, on this thread, and lets its exception pass. */
	void run(ServerHttpRequest request, Handshake handshake) throws Exception;

	/** One opening handshake, up to its answer, which is not sent yet. */
	interface Handshake {
		/** Returns the status of the answer. */
		int run() throws Exception;
	}
}
