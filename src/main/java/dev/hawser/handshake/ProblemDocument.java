package dev.hawser.handshake;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why a request is not answered as it wants to be (RFC 9457). Nothing of the request is repeated in it.
 *
 * @param detail a sentence for people
 * @param reason a short constant name for programs; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemDocument(String type, String title, int status, String detail, @Nullable String reason) {
	/** The media type. */
	public static final String CONTENT_TYPE = "application/problem+json";
	private static final JsonMapper JSON = JsonMapper.shared();

	/** The document of a status, with its usual title. */
	public static ProblemDocument of(int status, String detail, @Nullable String reason) {
		HttpStatus known = HttpStatus.resolve(status);
		return new ProblemDocument("about:blank", known == null ? "Rejected" : known.getReasonPhrase(), status, detail, reason);
	}

	/** The body of the response. */
	public byte[] json() {
		return JSON.writeValueAsBytes(this);
	}
}
