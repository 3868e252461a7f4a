package dev.hawser.push.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why a request was refused, in the form of the contract: {@code {"code":…,"message":…,"target":…,"details":[]}}, with the code in
 * {@code x-ms-error-code} too. Contains nothing of a token or a key.
 *
 * @param status  the status of the answer
 * @param code    a short constant name for programs, such as {@code Unauthorized}
 * @param message a sentence for people: what is wrong, and what to do
 * @param target  the parameter, header or field that is wrong; null for none
 */
record ApiError(int status, String code, String message, @Nullable String target) {
	static final String CODE_HEADER = "x-ms-error-code";
	private static final String PROBLEM = "application/problem+json";
	private static final JsonMapper JSON = JsonMapper.shared();

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Body(@JsonProperty String code, @JsonProperty String message, @JsonProperty @Nullable String target,
			@JsonProperty List<Object> details) {
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	private record Problem(@JsonProperty String type, @JsonProperty String title, @JsonProperty int status, @JsonProperty String detail,
			@JsonProperty String code, @JsonProperty @Nullable String target) {
	}

	/** The error as JSON. */
	Body body() {
		return new Body(code, message, target, List.of());
	}

	/**
	 * Answers with this error and these headers; as a problem document (RFC 9457) where the request asks for one. A body of the request
	 * that has not been read is not read any more.
	 */
	void write(HttpServletRequest request, HttpServletResponse response, Map<String, String> headers) throws IOException {
		boolean problem = Collections.list(request.getHeaders("Accept")).stream()
				.anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains(PROBLEM));
		byte[] body = JSON.writeValueAsBytes(problem ? new Problem("about:blank", code, status, message, code, target) : body());
		response.setStatus(status);
		headers.forEach(response::setHeader);
		response.setHeader(CODE_HEADER, code);
		response.setHeader("Cache-Control", "no-store");
		response.setContentType(problem ? PROBLEM : "application/json");
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}
}
