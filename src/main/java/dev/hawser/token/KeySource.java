package dev.hawser.token;

import com.nimbusds.jose.JWSHeader;
import java.util.List;

/** Supplies the keys that check signatures. Called by many threads at once. */
interface KeySource extends AutoCloseable {

	/**
	 * The keys that may have signed a token with this header; the caller picks those that {@link VerificationKey#fits fit}. Only
	 * {@code kid} and {@code alg} of the header are used: a token can neither contain its own key nor name a URL for it.
	 *
	 * @throws VerifierUnavailableException when the keys are not available now
	 */
	List<VerificationKey> candidates(JWSHeader header);

	/** As {@link TokenVerifier#mayBlock}. */
	boolean mayBlock();

	@Override
	void close();

	/** A source of the keys in the configuration. */
	static KeySource of(List<VerificationKey> keys) {
		return new Fixed(List.copyOf(keys));
	}

	/** @param keys all configured keys */
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
