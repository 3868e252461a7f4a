package dev.hawser.operations.console;

import dev.hawser.operations.console.Login.Right;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers at {@code /console}: the page's files to everybody, its API to those who have signed in. A request that changes something needs a
 * header that pages of other origins cannot send, besides the cookie, which they do not send either.
 */
final class ConsoleServlet extends HttpServlet {
	private static final long serialVersionUID = 1L;
	static final String COOKIE = "hawser_console";
	/** On every request of the page: {@code active} when the operator has just done something, otherwise {@code idle}. */
	static final String HEADER = "X-Hawser-Console";
	private static final String API = "/api/";
	private static final int MOST_BYTES = 1 << 20;
	/** Of a stranger, who may send a key only. */
	private static final int MOST_BYTES_OF_LOGIN = 8 << 10;
	private static final JsonMapper JSON = JsonMapper.shared();

	private final transient Login login;
	private final transient SignIns signIns;
	private final transient ConsoleApi api;
	private final transient EventStream stream;
	private final transient ClientUrl clientUrl;

	/** An operator who has signed in, with the value of the cookie that says so. */
	private record Operator(Right right, String cookie) {
	}

	ConsoleServlet(Login login, SignIns signIns, ConsoleApi api, EventStream stream, ClientUrl clientUrl) {
		this.login = login;
		this.signIns = signIns;
		this.api = api;
		this.stream = stream;
		this.clientUrl = clientUrl;
	}

	@Override
	protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
		response.setHeader("Cache-Control", "no-store");
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Referrer-Policy", "no-referrer");
		response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
		response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
		String path = Objects.requireNonNullElse(request.getPathInfo(), "");
		try {
			if (path.startsWith(API)) {
				answer(path.substring(API.length()), request, response);
			}
			else if (path.isEmpty()) {
				response.setStatus(HttpServletResponse.SC_FOUND);
				response.setHeader("Location", request.getContextPath() + request.getServletPath() + '/');
			}
			else if (!"GET".equals(request.getMethod()) || !ConsolePage.write("/".equals(path) ? "index.html" : path.substring(1),
					clientUrl.source(request), response)) {
				throw new ConsoleException(404, "There is no such file.");
			}
		}
		catch (ConsoleException e) {
			error(response, e.status(), e.getMessage());
		}
		catch (JacksonException e) {
			error(response, 400, "The body must be a JSON object.");
		}
		catch (IllegalArgumentException e) {
			error(response, 400, e.getMessage());
		}
		catch (IllegalStateException e) {
			error(response, 503, e.getMessage());
		}
	}

	private void answer(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
		switch (request.getMethod()) {
			case "GET" -> look(name, request, response);
			case "POST" -> change(name, request, response);
			default -> throw new ConsoleException(405, "Only the page itself may ask for this.");
		}
	}

	private void look(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
		Operator operator = operator(request);
		if ("events".equals(name)) {
			stream.open(request, response, () -> login.ofCookie(operator.cookie) == operator.right);
			return;
		}
		renew(operator.right, request, response);
		write(response, api.look(name, operator.right, request));
	}

	private void change(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (request.getHeader(HEADER) == null) {
			throw new ConsoleException(403, "Only the page itself may ask for this.");
		}
		if ("login".equals(name)) {
			signIn(request, response);
			return;
		}
		Right right = operator(request).right;
		if ("logout".equals(name)) {
			signIns.did(request.getRemoteAddr(), "has signed out");
			set(request, response, null);
			write(response, Map.of());
			return;
		}
		renew(right, request, response);
		if (right != Right.ACT) {
			throw new ConsoleException(403, "This key may look only.");
		}
		write(response, api.act(name, body(request, MOST_BYTES), request));
	}

	private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
		signIns.check(request.getRemoteAddr());
		Right right = login.ofKey(String.valueOf(body(request, MOST_BYTES_OF_LOGIN).get("key")));
		if (right == null) {
			signIns.refused(request.getRemoteAddr());
			throw stranger("That is not the key.");
		}
		signIns.signedIn(request.getRemoteAddr(), right);
		set(request, response, login.cookie(right));
		write(response, Map.of("right", right));
	}

	/** Who has the request's cookie. */
	private Operator operator(HttpServletRequest request) {
		return Stream.ofNullable(request.getCookies()).flatMap(Arrays::stream).filter(cookie -> COOKIE.equals(cookie.getName()))
				.map(cookie -> operator(cookie.getValue())).filter(Objects::nonNull).findFirst()
				.orElseThrow(() -> stranger("Sign in."));
	}

	private @Nullable Operator operator(String cookie) {
		Right right = login.ofCookie(cookie);
		return right == null ? null : new Operator(right, cookie);
	}

	private ConsoleException stranger(String sentence) {
		return new ConsoleException(401, login.isShut() ? "Set hawser.operations.key to use the console." : sentence);
	}

	/** The login of an operator who is not idle lasts longer. */
	private void renew(Right right, HttpServletRequest request, HttpServletResponse response) {
		if ("active".equals(request.getHeader(HEADER))) {
			set(request, response, login.cookie(right));
		}
	}

	private static Map<?, ?> body(HttpServletRequest request, int most) throws IOException {
		byte[] bytes = request.getInputStream().readNBytes(most + 1);
		if (bytes.length > most) {
			throw new ConsoleException(413, "The body is larger than " + (most >> 10) + " KB.");
		}
		Map<?, ?> body = JSON.readValue(bytes, Map.class);
		if (body == null) {
			throw new ConsoleException(400, "The body must be a JSON object.");
		}
		return body;
	}

	private static void set(HttpServletRequest request, HttpServletResponse response, @Nullable String value) {
		Cookie cookie = new Cookie(COOKIE, value == null ? "" : value);
		cookie.setHttpOnly(true);
		cookie.setSecure(request.isSecure());
		cookie.setPath(request.getContextPath() + request.getServletPath());
		cookie.setAttribute("SameSite", "Strict");
		if (value == null) {
			cookie.setMaxAge(0);
		}
		response.addCookie(cookie);
	}

	private static void write(HttpServletResponse response, Object answer) throws IOException {
		byte[] json = JSON.writeValueAsBytes(answer);
		response.setContentType("application/json");
		response.setContentLength(json.length);
		response.getOutputStream().write(json);
	}

	private static void error(HttpServletResponse response, int status, @Nullable String sentence) throws IOException {
		response.setStatus(status);
		write(response, Map.of("error", Objects.requireNonNullElse(sentence, "")));
	}
}
