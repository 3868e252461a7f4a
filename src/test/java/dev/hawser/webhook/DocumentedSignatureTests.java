package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Program;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs in docs/webhooks.md that verify signatures, run as they stand there. */
class DocumentedSignatureTests {
	private static final String STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
	private static final String PLAIN = "a-secret-of-this-hub-in-plain-text";
	/** Each line of the input has a case, its fields in base64: the headers, the secret and the body. */
	private static final String[] NAMES = { "webhook-id", "webhook-timestamp", "webhook-signature", "ce-connectionid", "ce-signature" };

	@TempDir
	private Path folder;

	/**
	 * A language.
	 *
	 * @param name    its name in the documentation
	 * @param program what runs it
	 * @param file    has the block of the documentation
	 * @param caller  has the calls
	 * @param calls   call the functions for each line of the input
	 * @param command starts the calls
	 */
	record Language(String name, String program, String file, String caller, String calls, List<String> command) {
		/** The only block of this language below the heading. */
		String block() throws Exception {
			String section = Files.readString(Path.of("docs/webhooks.md")).split("## Verifying a signature\n", -1)[1].split("\n## ", -1)[0];
			Matcher blocks = Pattern.compile("```" + name + "\n(.*?)```", Pattern.DOTALL).matcher(section);
			List<String> found = blocks.results().map(block -> block.group(1)).toList();
			assertThat(found).hasSize(1);
			return found.getFirst();
		}

		@Override
		public String toString() {
			return name;
		}
	}

	static List<Language> languages() {
		return List.of(new Language("js", "node", "signature.mjs", "run.mjs", """
				import { genuine, ofConnection } from './signature.mjs';
				import { readFileSync } from 'node:fs';
				const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'ce-connectionid', 'ce-signature'];
				for (const line of readFileSync(0, 'utf8').trim().split('\\n')) {
				  const fields = line.split(',').map(field => Buffer.from(field, 'base64'));
				  const headers = {};
				  names.forEach((name, i) => { if (fields[i].length) headers[name] = fields[i].toString(); });
				  console.log(genuine(headers, fields[6], fields[5].toString()), ofConnection(headers, fields[5].toString()));
				}
				""", List.of("node", "run.mjs")),
				new Language("python", "python3", "signature.py", "run.py", """
				import base64, sys
				from signature import genuine, of_connection
				names = ["webhook-id", "webhook-timestamp", "webhook-signature", "ce-connectionid", "ce-signature"]
				for line in sys.stdin:
				    fields = [base64.b64decode(field) for field in line.strip().split(",")]
				    headers = {name: field.decode() for name, field in zip(names, fields) if field}
				    secret = fields[5].decode()
				    print(str(genuine(headers, fields[6], secret)).lower(), str(of_connection(headers, secret)).lower())
				""", List.of("python3", "run.py")),
				new Language("php", "php", "signature.php", "run.php", """
				<?php
				require 'signature.php';
				$names = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'ce-connectionid', 'ce-signature'];
				while (($line = fgets(STDIN)) !== false) {
				    $fields = array_map('base64_decode', explode(',', trim($line)));
				    $headers = array_filter(array_combine($names, array_slice($fields, 0, 5)), fn ($value) => $value !== '');
				    echo var_export(genuine($headers, $fields[6], $fields[5]), true), ' ',
				        var_export(ofConnection($headers, $fields[5]), true), "\\n";
				}
				""", List.of("php", "run.php")),
				new Language("go", "go", "signature.go", "run.go", """
				package main

				import (
					"bufio"
					"encoding/base64"
					"fmt"
					"net/http"
					"os"
					"strings"
				)

				func main() {
					names := []string{"webhook-id", "webhook-timestamp", "webhook-signature", "ce-connectionid", "ce-signature"}
					for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
						fields := [][]byte{}
						for _, field := range strings.Split(lines.Text(), ",") {
							value, _ := base64.StdEncoding.DecodeString(field)
							fields = append(fields, value)
						}
						headers := http.Header{}
						for i, name := range names {
							if len(fields[i]) > 0 {
								headers.Set(name, string(fields[i]))
							}
						}
						fmt.Println(genuine(headers, fields[6], string(fields[5])), ofConnection(headers, string(fields[5])))
					}
				}
				""", List.of("go", "run", "run.go", "signature.go")),
				new Language("java", "java", "Signature.java", "Run.java", """
				import java.util.Base64;
				import java.util.HashMap;
				import java.util.List;
				import java.util.Map;

				class Run {
					public static void main(String[] args) throws Exception {
						List<String> names = List.of("webhook-id", "webhook-timestamp", "webhook-signature", "ce-connectionid", "ce-signature");
						for (String line : new String(System.in.readAllBytes()).split("\\n")) {
							String[] fields = line.split(",", -1);
							Map<String, String> headers = new HashMap<>();
							for (int i = 0; i < names.size(); i++) {
								if (!fields[i].isEmpty()) {
									headers.put(names.get(i), new String(Base64.getDecoder().decode(fields[i])));
								}
							}
							String secret = new String(Base64.getDecoder().decode(fields[5]));
							System.out.println(Signature.genuine(headers::get, Base64.getDecoder().decode(fields[6]), secret) + " "
									+ Signature.ofConnection(headers::get, secret));
						}
					}
				}
				""", List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "Run.java")));
	}

	private record Case(String label, String[] headers, String secret, byte[] body, String expected) {
		String line() {
			List<String> fields = new ArrayList<>(List.of(headers));
			fields.add(secret);
			String text = fields.stream().map(field -> Base64.getEncoder().encodeToString(field.getBytes(StandardCharsets.UTF_8)))
					.collect(Collectors.joining(","));
			return text + ',' + Base64.getEncoder().encodeToString(body);
		}
	}

	/** What this server sends at this moment, with these secrets. */
	private static String[] headers(Instant at, byte[] body, String... secrets) {
		Signatures signatures = new Signatures(List.of(secrets));
		String id = "msg_5f3c0a9be1d24c77_17_2";
		String time = Long.toString(at.getEpochSecond());
		assertThat(NAMES).hasSize(5);
		return new String[] { id, time, signatures.ofMessage(id, time, body), "node-17", signatures.ofConnection("node-17") };
	}

	private static Case without(String label, int header, Instant at, byte[] body, String expected) {
		String[] headers = headers(at, body, PLAIN);
		headers[header] = "";
		return new Case(label, headers, PLAIN, body, expected);
	}

	private static Case forged(String label, int header, String value, String expected) {
		byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
		String[] headers = headers(Instant.now(), body, PLAIN);
		headers[header] = value;
		return new Case(label, headers, PLAIN, body, expected);
	}

	/** A time in another form, which is signed as it stands there. */
	private static Case timed(String label, String time) {
		byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
		String[] headers = headers(Instant.now(), body, PLAIN);
		headers[1] = time;
		headers[2] = new Signatures(List.of(PLAIN)).ofMessage(headers[0], time, body);
		return new Case(label, headers, PLAIN, body, "false true");
	}

	private static List<Case> cases() {
		Instant now = Instant.now();
		byte[] text = "grüße".getBytes(StandardCharsets.UTF_8);
		byte[] bytes = { 0, 1, (byte) 0xFF, '\n', (byte) 0x80 };
		return List.of(new Case("plain secret", headers(now, text, PLAIN), PLAIN, text, "true true"),
				new Case("secret of Standard Webhooks", headers(now, text, STANDARD), STANDARD, text, "true true"),
				new Case("bytes", headers(now, bytes, PLAIN), PLAIN, bytes, "true true"),
				new Case("empty body", headers(now, new byte[0], PLAIN), PLAIN, new byte[0], "true true"),
				new Case("the new one of two secrets", headers(now, text, STANDARD, PLAIN), STANDARD, text, "true true"),
				new Case("the old one of two secrets", headers(now, text, STANDARD, PLAIN), PLAIN, text, "true true"),
				new Case("four minutes ago", headers(now.minusSeconds(240), text, PLAIN), PLAIN, text, "true true"),
				new Case("six minutes ago", headers(now.minusSeconds(360), text, PLAIN), PLAIN, text, "false true"),
				new Case("in six minutes", headers(now.plusSeconds(360), text, PLAIN), PLAIN, text, "false true"),
				new Case("another body", headers(now, text, PLAIN), PLAIN, bytes, "false true"),
				new Case("another secret", headers(now, text, PLAIN), STANDARD, text, "false false"),
				forged("another id", 0, "msg_1", "false true"),
				forged("another time", 1, Long.toString(now.getEpochSecond() + 60), "false true"),
				timed("digits and words", now.getEpochSecond() + "abc"), timed("a sign", "+" + now.getEpochSecond()),
				timed("a space", now.getEpochSecond() + " "), timed("a line break", now.getEpochSecond() + "\n"),
				timed("a fraction", now.getEpochSecond() + ".5"), timed("hexadecimal", "0x" + Long.toHexString(now.getEpochSecond())),
				forged("time in words", 1, "now", "false true"), forged("no end of digits", 1, "1".repeat(5000), "false true"),
				forged("signature of another length", 2, "v1,", "false true"),
				forged("signature in another version", 2, "v2,abc", "false true"),
				forged("signature that is no ASCII", 2, "v1,ü", "false true"), forged("another connection", 3, "node-18", "true false"),
				without("no id", 0, now, text, "false true"), without("no time", 1, now, text, "false true"),
				without("no signature", 2, now, text, "false true"), without("no connection", 3, now, text, "true false"),
				without("no signature of it", 4, now, text, "true false"));
	}

	@ParameterizedTest
	@MethodSource("languages")
	void tellsGenuineEventsFromOthers(Language language) throws Exception {
		assumeTrue(language.name().equals("java") || Program.onPath(language.program).isPresent(), language.program + " is not installed");
		Files.writeString(folder.resolve(language.file), language.block());
		Files.writeString(folder.resolve(language.caller), language.calls);
		List<Case> cases = cases();
		Path input = Files.write(folder.resolve("input"), cases.stream().map(Case::line).toList());
		Process process = new ProcessBuilder(language.command).directory(folder.toFile()).redirectErrorStream(true)
				.redirectInput(input.toFile()).redirectOutput(folder.resolve("output").toFile()).start();
		assertThat(process.waitFor(Duration.ofMinutes(2))).isTrue();
		List<String> answers = Files.readAllLines(folder.resolve("output"));
		assertThat(answers).as(String.join("\n", answers)).hasSameSizeAs(cases);
		for (int i = 0; i < cases.size(); i++) {
			assertThat(answers.get(i)).as(cases.get(i).label()).isEqualTo(cases.get(i).expected());
		}
	}
}
