package dev.hawser.handshake;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Describes why a request failed (RFC 9457). Contains nothing of the request.
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

	/** Writes the whole response, but for headers of its own, which are to be set before. */
	public void write(HttpServletResponse response) throws IOException {
		byte[] body = json();
		response.setStatus(status);
		response.setContentType(CONTENT_TYPE);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}
}
