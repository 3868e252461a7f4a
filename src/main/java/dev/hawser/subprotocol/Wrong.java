package dev.hawser.subprotocol;

/** What is wrong with a message of a client. The texts are the reasons of close frames, so that they have at most 123 bytes. */
enum Wrong {
	JSON("The message is no JSON object, or breaks a limit on JSON."),
	TWICE("The message has a property twice."),
	TYPE("The message has no type that this subprotocol knows."),
	ACK_ID("ackId is no integer from 0 to 18446744073709551615."),
	SEQUENCE_ID("sequenceId is no integer from 0 to 18446744073709551615."),
	GROUP("group is no name of a group: 1 to 1024 characters, no control characters, and neither '.' nor '..'."),
	EVENT("event is no name of an event: a letter, then up to 127 letters, digits, dots, dashes and underscores."),
	DATA("data is missing, or does not fit dataType."),
	DATA_TYPE("dataType is none of json, text and binary."),
	METADATA("metadata is no object of short ASCII texts."),
	NO_ECHO("noEcho is neither true nor false."),
	TTL("ttlSeconds is no integer from 0 to 300."),
	INVOCATION("An invocation needs an invocationId of 1 to 256 characters and the target event.");

	private final String reason;

	Wrong(String reason) {
		this.reason = reason;
	}

	String reason() {
		return reason;
	}

	/** Reading a message failed. Without a stack trace, since strangers cause it. */
	static final class Message extends Exception {
		private static final long serialVersionUID = 1;
		private final Wrong wrong;

		Message(Wrong wrong) {
			super(wrong.reason, null, false, false);
			this.wrong = wrong;
		}

		Wrong wrong() {
			return wrong;
		}
	}
}
