package dev.hawser.token;

import com.nimbusds.jose.JWSHeader;
import java.util.List;

/** Where the keys come from that signatures are checked with. Called by many threads at once. */
interface KeySource extends AutoCloseable {

	/**
	 * The keys that may have signed a token with this header; the caller picks those that {@link VerificationKey#fits fit}. Of
	 * the header only {@code kid} and {@code alg} are looked at: a token can neither bring a key nor say where there is one.
	 *
	 * @throws VerifierUnavailableException when they cannot be had now
	 */
	List<VerificationKey> candidates(JWSHeader header);

	/** As {@link TokenVerifier#mayBlock}. */
	boolean mayBlock();

	@Override
	void close();

	/** Keys that stand in the configuration. */
	static KeySource of(List<VerificationKey> keys) {
		return new Fixed(List.copyOf(keys));
	}

	/** @param keys all of them */
	record Fixed(List<VerificationKey> keys) implements KeySource {
		@Override
		public List<VerificationKey> candidates(JWSHeader header) {
			return keys;
		}

		@Override
		public boolean mayBlock() {
			return false;
		}

		@Override
		public void close() {
		}
	}
}
