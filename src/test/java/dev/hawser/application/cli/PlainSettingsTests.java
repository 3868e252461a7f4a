package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.application.settings.StandaloneConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shortcut without Spring finds the same values as Spring Boot, or says that it is none. */
class PlainSettingsTests {
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			hawser.push.key                            | HAWSER_PUSH_KEY=a                          | -
			hawser.push.key                            | HAWSER_PUSH_KEY=a                          | --hawser.push.key=b
			hawser.push.keys[0].secret                 | HAWSER_PUSH_KEYS_0_SECRET=a                | -
			management.server.base-path                | MANAGEMENT_SERVER_BASEPATH=/x              | -
			management.server.base-path                | MANAGEMENT_SERVER_BASE_PATH=/x             | -
			management.endpoints.web.base-path         | MANAGEMENT_ENDPOINTS_WEB_BASE_PATH=/x      | -
			server.servlet.context-path                | SERVER_SERVLET_CONTEXTPATH=/x              | -
			hawser.hubs.chat.handshake.token.secret    | HAWSER_HUBS_CHAT_HANDSHAKE_TOKEN_SECRET=a  | -
			hawser.operations.key                      | HAWSER_OPERATIONS_KEY=                     | -
			hawser.operations.key                      | OTHER=x                                    | --server.port=1
			""")
	void findsWhatSpringBootFinds(String property, String variable, String argument) {
		Map<String, String> variables = Map.of(variable.split("=", 2)[0], variable.split("=", 2)[1]);
		List<String> arguments = argument == null ? List.of() : List.of(argument);
		PlainSettings plain = Objects.requireNonNull(PlainSettings.of(arguments, variables));
		assertThat(plain.get(property)).isEqualTo(StandaloneConfiguration.read(arguments, variables).get(property));
	}

	@ParameterizedTest
	@CsvSource({ "HAWSER_HANDSHAKE_TOKEN_AUDIENCE=a,'a,b'", "HAWSER_HANDSHAKE_TOKEN_AUDIENCE_0=a,x", "OTHER=a,x" })
	void findsTheSameLists(String variable, String more) {
		Map<String, String> variables = Map.of(variable.split("=", 2)[0], variable.split("=", 2)[1], "HAWSER_HANDSHAKE_TOKEN_AUDIENCE_1",
				more);
		PlainSettings plain = Objects.requireNonNull(PlainSettings.of(List.of(), variables));
		String property = "hawser.handshake.token.audience";
		if (!variable.startsWith("OTHER")) {
			assertThat(plain.list(property)).isEqualTo(StandaloneConfiguration.read(List.of(), variables).list(property));
		}
		assertThat(plain.has("hawser.handshake.token")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "SPRING_CONFIG_LOCATION=/x,-", "spring_profiles_active=x,-", "SPRING_APPLICATION_JSON={},-", "HAWSER_PUSH_KEY=${OTHER},-",
			"A=b,--spring.config.location=/x", "A=b,--server.port=${OTHER}" })
	void isNoShortcutWhereMoreMustBeRead(String variable, String argument) {
		assertThat(PlainSettings.of(argument.equals("-") ? List.of() : List.of(argument),
				Map.of(variable.split("=", 2)[0], variable.split("=", 2)[1]))).isNull();
	}
}
