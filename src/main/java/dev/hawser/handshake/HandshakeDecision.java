package dev.hawser.handshake;

/** Answers an opening handshake, knowing what the checks found. */
@FunctionalInterface
public interface HandshakeDecision {

	/** Must end the response. Runs on a virtual thread and may block; an exception answers 500. */
	void decide(HandshakeRequest request, HandshakeResponse response) throws Exception;
}
