package dev.hawser.subprotocol;

/** Why a request was not carried out, as acks name it. */
enum Failure {
	/** The client lacks the role. */
	FORBIDDEN("Forbidden"),
	/** A request with this {@code ackId} was carried out before. */
	DUPLICATE("Duplicate"),
	/** The application, or this server, has failed. */
	INTERNAL("InternalServerError");

	private final String code;

	Failure(String code) {
		this.code = code;
	}

	/** As the contract spells it. */
	String code() {
		return code;
	}
}
