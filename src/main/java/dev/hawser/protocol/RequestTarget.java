package dev.hawser.protocol;

/**
 * A handshake request that tells its address as a string. A {@link java.net.URI} of it, which is a good part of what a handshake
 * costs, need then be made for those only who ask for one.
 */
public interface RequestTarget {

	/** Scheme, host, path and query of a valid URI, still encoded. */
	String address();
}
