package dev.hawser.connection.limit;

/**
 * Why the body of a request was refused while it was read. It is among the request's attributes, as {@link #ATTRIBUTE}.
 *
 * @param status the status to answer with
 * @param detail a sentence for the client
 */
public record RefusedBody(int status, String detail) {
	/** Name of the attribute; none when the body was not refused. */
	public static final String ATTRIBUTE = RefusedBody.class.getName();
}
