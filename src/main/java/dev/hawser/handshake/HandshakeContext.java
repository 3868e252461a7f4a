package dev.hawser.handshake;

import org.springframework.http.server.ServerHttpRequest;

/**
 * Wraps handshakes that bypass the servlet container, for tracing for instance. All others run inside the servlet container's
 * filters.
 */
@FunctionalInterface
public interface HandshakeContext {
	/** Runs the handshake once, on this thread, and does not catch its exception. */
	void run(ServerHttpRequest request, Handshake handshake) throws Exception;

	/** One opening handshake, up to its answer, but without sending it. */
	interface Handshake {
		/** Runs the handshake and returns the status of the answer. */
		int run() throws Exception;
	}
}
