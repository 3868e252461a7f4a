package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** send, close and connections: the verbs that use the push API. */
class PushVerbsTests {
	private static final String KEY = "push-key-push-key-push-key-push-key-0123456789";

	private RunningHawser server;
	private RawClient ann;
	private RawClient bob;

	@BeforeEach
	void start() throws Exception {
		server = RunningHawser.startAsConfigured(NoCallbacks.class, "hawser.push.key=" + KEY, "hawser.handshake.token.required=false");
		ann = connect("ann");
		bob = connect("bob");
	}

	@AfterEach
	void stop() throws IOException {
		ann.close();
		bob.close();
		server.close();
	}

	private RawClient connect(String user) throws IOException {
		Called token = call("token", "--user", user, "--group", "room of " + user, "--json");
		String path = URI.create(token.json().path("url").asString()).getPath();
		return RawClient.connect(server.port()).upgrade(path, "Authorization: Bearer " + token.json().path("token").asString());
	}

	private Map<String, String> variables() {
		return Map.of("HAWSER_PUSH_KEY", KEY, "HAWSER_PUBLIC_URL", "http://localhost", "SERVER_PORT", Integer.toString(server.port()),
				"MANAGEMENT_SERVER_PORT",
				Integer.toString(server.operationsPort()));
	}

	private Called call(String... arguments) {
		return called(variables(), "", arguments);
	}

	private static Called called(Map<String, String> variables, String input, String... arguments) {
		Called called = Called.with(variables, input, arguments);
		assertThat(called.out() + called.err()).doesNotContain(KEY);
		return called;
	}

	@Test
	void sendsToAUserAGroupAndAll() throws Exception {
		assertThat(call("send", "--user", "ann", "Grüße")).returns(0, Called::exitCode).returns("Done for 1 connections.\n", Called::out);
		assertThat(ann.message().text()).isEqualTo("Grüße");
		assertThat(call("send", "--group", "room of bob", "--type", "json", "{\"a\":1}").exitCode()).isZero();
		assertThat(bob.message().text()).isEqualTo("{\"a\":1}");
		assertThat(
				call("send", "--all", "--filter", "userId ne 'ann'", "--expires", "30s", "--json", "hi").json().path("connections").asInt())
				.isEqualTo(1);
		assertThat(bob.message().text()).isEqualTo("hi");
	}

	@Test
	void sendsStandardInputAndFilesAsTheyAre(@TempDir Path folder) throws Exception {
		called(variables(), "line\nline\n", "send", "--user", "ann");
		assertThat(ann.message().text()).isEqualTo("line\nline\n");
		byte[] bytes = { 0, (byte) 0xff, 10 };
		call("send", "--user", "ann", "--type", "binary", "--file", Files.write(folder.resolve("bytes"), bytes).toString());
		assertThat(ann.message().payload()).isEqualTo(bytes);
	}

	@Test
	void saysThatNobodyIsThereAndEndsWithOne() {
		assertThat(call("send", "--user", "eve", "hi")).returns(1, Called::exitCode).extracting(Called::out).asString()
				.contains("nothing was done");
	}

	@Test
	void saysWhatTheServerSaysWhenItRefuses() {
		assertThat(call("send", "--all", "--filter", "userId is 'x'", "hi")).returns(1, Called::exitCode).extracting(Called::err).asString()
				.startsWith("Refused with 400: ");
		assertThat(call("send", "--all", "--hub", "nowhere", "hi")).returns(1, Called::exitCode).extracting(Called::err).asString()
				.startsWith("Refused with 404: ");
		assertThat(called(Map.of("PUSH_CONNECTION_STRING", string().replace(KEY, "x".repeat(40))), "", "send", "--all", "hi"))
				.returns(1, Called::exitCode).extracting(Called::err).asString().startsWith("Refused with 401: ");
	}

	private String string() {
		return "Endpoint=http://localhost;Port=" + server.operationsPort() + ";AccessKey=" + KEY + ";Version=1.0;";
	}

	@Test
	void takesAConnectionStringInPlaceOfAConfiguration(@TempDir Path folder) throws Exception {
		assertThat(called(Map.of("PUSH_CONNECTION_STRING", string()), "", "send", "--user", "ann", "one").exitCode()).isZero();
		assertThat(Called.with("send", "--connection-string", string(), "--user", "ann", "two").exitCode()).isZero();
		Path file = Files.writeString(folder.resolve("string"), string() + "\n");
		assertThat(Called.with("send", "--connection-string-file", file.toString(), "--user", "ann", "three").exitCode()).isZero();
		assertThat(ann.message().text()).isEqualTo("one");
		assertThat(ann.message().text()).isEqualTo("two");
		assertThat(ann.message().text()).isEqualTo("three");
	}

	@Test
	void closesWithCodeAndReason() throws Exception {
		assertThat(call("close", "--user", "ann", "--code", "4000", "--reason", "signed out").exitCode()).isZero();
		assertThat(ann.frame().closeCode()).isEqualTo(4000);
		String id = call("connections", "--user", "bob", "--json").json().path("connections").path(0).path("connectionId").asString();
		assertThat(call("close", "--connection", id).exitCode()).isZero();
		assertThat(bob.frame().closeCode()).isEqualTo(1000);
	}

	@Test
	void listsConnectionsPageByPage() {
		Called first = call("connections", "--limit", "1");
		assertThat(first.exitCode()).as(first.err()).isZero();
		assertThat(first.out()).startsWith("CONNECTION").hasLineCount(2);
		String after = first.err().substring(first.err().indexOf("--after ") + 8).strip();
		Called second = call("connections", "--limit", "1", "--after", after);
		assertThat(first.out() + second.out()).contains("room of ann", "room of bob");
		assertThat(call("connections", "--limit", "0", "--json").json().path("connections").size()).isEqualTo(2);
		assertThat(call("connections", "--filter", "userId eq 'bob'").out()).contains("bob").doesNotContain("ann");
		assertThat(call("connections", "--group", "room of ann").out()).contains("ann").doesNotContain("bob");
	}
}
