package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server answers to offers of permessage-deflate (RFC 7692 sections 5 and 7.1). */
class PerMessageDeflateTests {
	private static final PerMessageDeflate NO_TAKEOVER = new PerMessageDeflate(false, false);
	private static final PerMessageDeflate BOTH_TAKE_OVER = new PerMessageDeflate(true, true);
	private static final String BOTH_STAND_ALONE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

	private static @Nullable String answer(PerMessageDeflate willing, String... headers) {
		PerMessageDeflate agreed = PerMessageDeflate.negotiate(List.of(headers), willing);
		return agreed == null ? null : agreed.header();
	}

	/** Every lawful offer: both flags, every size of the server's window and of the client's. */
	private static Stream<String> offers() {
		return Stream.of("", "; server_no_context_takeover").flatMap(server -> Stream.of("", "; client_no_context_takeover")
				.flatMap(client -> windows("; server_max_window_bits", "").flatMap(serverWindow -> windows("; client_max_window_bits",
						"", "; client_max_window_bits").map(
								clientWindow -> "permessage-deflate" + server + serverWindow + clientWindow
										+ client))));
	}

	private static Stream<String> windows(String name, String... others) {
		return Stream.concat(Stream.of(others), IntStream.rangeClosed(8, 15).mapToObj(bits -> name + "=" + bits));
	}

	@ParameterizedTest(name = "server takes over: {0}, client may: {1}")
	@CsvSource({ "false,false", "false,true", "true,false", "true,true" })
	void answersEveryCombinationOfParameters(boolean serverWilling, boolean clientWilling) {
		PerMessageDeflate willing = new PerMessageDeflate(serverWilling, clientWilling);
		assertThat(offers().count()).isEqualTo(2 * 2 * 9 * 10);
		offers().forEach(offer -> assertThat(answer(willing, offer)).as(offer).isEqualTo(expected(willing, offer)));
	}

	private static @Nullable String expected(PerMessageDeflate willing, String offer) {
		if (offer.matches(".*server_max_window_bits=([89]|1[0-4]).*")) {
			return null; // there is no such window in the JDK
		}
		return "permessage-deflate"
				+ (willing.serverTakesOver() && !offer.contains("server_no") ? "" : "; server_no_context_takeover")
				+ (willing.clientTakesOver() && !offer.contains("client_no") ? "" : "; client_no_context_takeover")
				// 7.1.2.1: the server accepts this parameter "by including" it in its answer
				+ (offer.contains("server_max_window_bits=15") ? "; server_max_window_bits=15" : "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "server_max_window_bits", "server_max_window_bits=", "server_max_window_bits=7",
			"server_max_window_bits=16", "server_max_window_bits=08", "server_max_window_bits=015", "server_max_window_bits=+15",
			"server_max_window_bits=15.0", "server_max_window_bits=15 15", "server_max_window_bits=\"\"",
			"server_max_window_bits=\"8\"", "client_max_window_bits=", "client_max_window_bits=7",
			"client_max_window_bits=16", "client_max_window_bits=08", "client_max_window_bits=-8", "client_max_window_bits=\"16\"",
			"client_max_window_bits=99999999999", "server_no_context_takeover=1", "server_no_context_takeover=",
			"client_no_context_takeover=true", "client_no_context_takeover=\"\"", "unknown", "unknown=15", "", " ", "=15",
			"server_max_window_bits=15; server_max_window_bits=15", "client_max_window_bits; client_max_window_bits=15",
			"server_no_context_takeover; server_no_context_takeover", "client_no_context_takeover; client_no_context_takeover",
			"client_no_context_takeover; CLIENT_NO_CONTEXT_TAKEOVER", "server_no_context_takeover; unknown" })
	void declinesAnOfferWithABadParameter(String parameters) {
		assertThat(answer(NO_TAKEOVER, "permessage-deflate; " + parameters)).isNull();
		assertThat(answer(BOTH_TAKE_OVER, "permessage-deflate; " + parameters)).isNull();
		assertThat(answer(NO_TAKEOVER, "permessage-deflate; " + parameters + ", permessage-deflate")).as("and takes the next")
				.isEqualTo(BOTH_STAND_ALONE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate;client_max_window_bits", "permessage-deflate ; client_max_window_bits",
			"  permessage-deflate;\tclient_max_window_bits = 12  ", "PerMessage-Deflate; Client_Max_Window_Bits",
			"permessage-deflate; client_max_window_bits=\"12\"", "permessage-deflate; client_max_window_bits=\"8\"" })
	void readsOffersHoweverTheyAreWritten(String offer) {
		assertThat(answer(NO_TAKEOVER, offer)).isEqualTo(BOTH_STAND_ALONE);
	}

	@Test
	void readsWhatFollowsAQuotedStringWithEscapes() {
		assertThat(answer(NO_TAKEOVER, "foo; a=\"\\\"\", permessage-deflate")).isEqualTo(BOTH_STAND_ALONE);
		assertThat(answer(NO_TAKEOVER, "foo; a=\"x\\\\\", permessage-deflate")).isEqualTo(BOTH_STAND_ALONE);
		assertThat(answer(NO_TAKEOVER, "foo; a=\"\\\",;\\\\\"; b=\"\", permessage-deflate")).isEqualTo(BOTH_STAND_ALONE);
		assertThat(answer(NO_TAKEOVER, "foo\\, permessage-deflate")).as("an escape is one in a quoted string only")
				.isEqualTo(BOTH_STAND_ALONE);
		assertThat(answer(BOTH_TAKE_OVER, "permessage-deflate; server_max_window_bits=\"\\1\\5\""))
				.isEqualTo("permessage-deflate; server_max_window_bits=15");
	}

	@Test
	void readsAQuotedWindow() {
		assertThat(answer(BOTH_TAKE_OVER, "permessage-deflate; server_max_window_bits=\"15\""))
				.isEqualTo("permessage-deflate; server_max_window_bits=15");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", "permessage-bzip2", "x-webkit-deflate-frame", "permessage-deflat", "permessage-deflatee",
			"x; a=\", permessage-deflate\"", "foo; a=\"\\\", permessage-deflate, y=\"", "foo; a=\"\\\\\\\", permessage-deflate\"",
			"foo; a=\"\\\", permessage-deflate", "foo; a=\"\\", "permessage-deflate; client_max_window_bits=\"12\\\"",
			"permessage-deflate; client_max_window_bits=\"", "permessage-deflate; client_max_window_bits=\"12\"3",
			"permessage-deflate; client_max_window_bits=1\"2\"", "permessage-deflate; client_max_window_bits 12",
			"permessage-deflate; client_max_window_bits=\" 12\"", "permessage-deflate; \"client_max_window_bits\"",
			"\"permessage-deflate\"", "permessage\\-deflate", "server_no_context_takeover; permessage-deflate" })
	void agreesToNothingElse(String offer) {
		assertThat(answer(BOTH_TAKE_OVER, offer)).isNull();
	}

	@Test
	void takesAQuoteThatNeverEndsForTheRestOfTheLine() {
		String open = "permessage-deflate; server_max_window_bits=\"15, permessage-deflate";
		assertThat(answer(NO_TAKEOVER, open)).isNull();
		assertThat(answer(NO_TAKEOVER, open, "permessage-deflate")).isEqualTo(BOTH_STAND_ALONE);
	}

	@Test
	void agreesToNothingWithoutAnOffer() {
		assertThat(answer(BOTH_TAKE_OVER)).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			permessage-deflate; server_max_window_bits=9, permessage-deflate                             | permessage-deflate
			permessage-deflate; server_max_window_bits=8, permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover
			permessage-deflate; server_max_window_bits=9, permessage-deflate; server_max_window_bits=15  | permessage-deflate; server_max_window_bits=15
			permessage-deflate; client_no_context_takeover, permessage-deflate                           | permessage-deflate; client_no_context_takeover
			permessage-bzip2; level=9, x-other; q="a,b;c", permessage-deflate                            | permessage-deflate
			permessage-deflate; unknown, permessage-deflate; server_max_window_bits=14, x                |
			""")
	void takesTheFirstOfferThatItCanMeet(String offers, @Nullable String answer) {
		assertThat(answer(BOTH_TAKE_OVER, offers)).as("in one line").isEqualTo(answer);
		if (!offers.contains("\"")) {
			assertThat(answer(BOTH_TAKE_OVER, offers.split(","))).as("in a line each").isEqualTo(answer);
		}
	}
}
