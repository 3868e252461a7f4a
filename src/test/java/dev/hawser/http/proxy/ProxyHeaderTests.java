package dev.hawser.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol by its specification: which headers are allowed, and which are refused at the first wrong byte. */
class ProxyHeaderTests {
	private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
	private static final String IPV4 = "c0000207" + "cb007101" + "1267" + "01bb";
	private static final String IPV6 = "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "1267" + "01bb";

	private static ProxyHeader read(byte[] header) {
		ByteBuffer in = ByteBuffer.allocate(header.length + 6).put("xx".getBytes(StandardCharsets.US_ASCII)).put(header)
				.put("GET ".getBytes(StandardCharsets.US_ASCII)).flip().position(2);
		ProxyHeader read = ProxyHeader.read(in);
		assertThat(read).isNotNull();
		assertThat(in.position()).as("what follows is left").isEqualTo(2 + header.length);
		for (int length = 0; length < header.length; length++) {
			ByteBuffer part = ByteBuffer.wrap(header, 0, length);
			assertThat(ProxyHeader.read(part)).as("%d bytes", length).isNull();
			assertThat(part.position()).isZero();
		}
		return read;
	}

	private static void refuses(byte[] header) {
		assertThatIllegalArgumentException().isThrownBy(() -> ProxyHeader.read(ByteBuffer.wrap(header)));
	}

	private static byte[] line(String text) {
		return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
	}

	/** Command, family, and what follows the length. */
	private static byte[] binary(String command, String family, String body) {
		return HexFormat.of().parseHex(SIGNATURE + command + family + HexFormat.of().toHexDigits((char) (body.length() / 2)) + body);
	}

	private static InetSocketAddress at(String address, int port) {
		return new InetSocketAddress(InetAddress.ofLiteral(address), port);
	}

	@ParameterizedTest
	@CsvSource({ "TCP4,192.0.2.7,203.0.113.1,0,65535", "TCP4,0.0.0.0,255.255.255.255,1,10", "TCP6,2001:db8::1,::,4711,443",
			"TCP6,2001:0DB8:0000:0000:0000:0000:0000:0001,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,65535,65535",
			"TCP6,::ffff:192.0.2.7,::1,4711,443" })
	void readsALine(String family, String client, String server, int clientPort, int serverPort) {
		assertThat(read(line("PROXY " + family + " " + client + " " + server + " " + clientPort + " " + serverPort)))
				.isEqualTo(new ProxyHeader(at(client, clientPort), at(server, serverPort), false));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "PROXY UNKNOWN", "PROXY UNKNOWN ", "PROXY UNKNOWN 192.0.2.7 203.0.113.1 4711 443", "PROXY UNKNOWN a  b c d e f g" })
	void ignoresWhatFollowsUnknown(String text) {
		assertThat(read(line(text))).isEqualTo(new ProxyHeader(null, null, false));
	}

	@Test
	void readsTheLongestLineAndNoLonger() {
		read(line("PROXY UNKNOWN " + "x".repeat(107 - 2 - 14)));
		refuses(line("PROXY UNKNOWN " + "x".repeat(108 - 2 - 14)));
		byte[] endless = ("PROXY UNKNOWN " + "x".repeat(106 - 14)).getBytes(StandardCharsets.US_ASCII);
		refuses(endless);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PROXY ", "PROXY", "PROXY  TCP4 192.0.2.7 203.0.113.1 4711 443", "PROXY TCP 192.0.2.7 203.0.113.1 4711 443",
			"PROXY tcp4 192.0.2.7 203.0.113.1 4711 443", "PROXY unknown", "PROXY UNKNOWNS", "PROXY UDP4 192.0.2.7 203.0.113.1 4711 443",
			"PROXY TCP5 192.0.2.7 203.0.113.1 4711 443", "PROXY TCP4", "PROXY TCP4 192.0.2.7", "PROXY TCP4 192.0.2.7 203.0.113.1 4711",
			"PROXY TCP4 192.0.2.7 203.0.113.1 4711 443 ", "PROXY TCP4 192.0.2.7 203.0.113.1 4711 443 x",
			"PROXY TCP4 192.0.2.7  203.0.113.1 4711 443", "PROXY TCP4 192.0.2.7 203.0.113.1 4711 443\r",
			"PROXY TCP4\t192.0.2.7 203.0.113.1 4711 443",
			"PROXY TCP4 localhost 203.0.113.1 4711 443", "PROXY TCP4 192.0.2.7 localhost 4711 443",
			"PROXY TCP4 2001:db8::1 203.0.113.1 4711 443",
			"PROXY TCP6 192.0.2.7 203.0.113.1 4711 443", "PROXY TCP6 2001:db8::1 192.0.2.7 4711 443",
			"PROXY TCP6 [2001:db8::1] ::1 4711 443",
			"PROXY TCP6 fe80::1%lo ::1 4711 443", "PROXY TCP6 1::2::3 ::1 4711 443", "PROXY TCP6 2001:db8 ::1 4711 443",
			"PROXY TCP6 12345::1 ::1 4711 443", "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 4711 443", "PROXY TCP6 face.b00c ::1 4711 443",
			"PROXY TCP4 192.0.02.7 203.0.113.1 4711 443", "PROXY TCP4 00.0.2.7 203.0.113.1 4711 443",
			"PROXY TCP4 192.0.256.7 203.0.113.1 4711 443",
			"PROXY TCP4 192.0.2 203.0.113.1 4711 443", "PROXY TCP4 3221225991 203.0.113.1 4711 443",
			"PROXY TCP4 0xC0.0.2.7 203.0.113.1 4711 443",
			"PROXY TCP4 192.0.2.7. 203.0.113.1 4711 443", "PROXY TCP4 192.0.2.7 203.0.113.1 04711 443",
			"PROXY TCP4 192.0.2.7 203.0.113.1 4711 00",
			"PROXY TCP4 192.0.2.7 203.0.113.1 +4711 443", "PROXY TCP4 192.0.2.7 203.0.113.1 -1 443",
			"PROXY TCP4 192.0.2.7 203.0.113.1 65536 443",
			"PROXY TCP4 192.0.2.7 203.0.113.1 4711 65536", "PROXY TCP4 192.0.2.7 203.0.113.1 99999 443",
			"PROXY TCP4 192.0.2.7 203.0.113.1 4294967296 443",
			"PROXY TCP4 192.0.2.7 203.0.113.1 4.0 443", "PROXY TCP4 192.0.2.7 203.0.113.1 \u0661 443",
			"PROXY TCP4 192.0.2.\u0667 203.0.113.1 1 443",
			"PROXY TCP4 192.0.2.7:1 203.0.113.1 4711 443", "PROXY TCP4 192.0.2.7/8 203.0.113.1 4711 443", "PROXY UNKNOWN \u00e9",
			"PROXY UNKNOWN \0" })
	void refusesALineThatTheSpecificationForbids(String text) {
		refuses(text.equals("PROXY") ? "PROXY\r\n".getBytes(StandardCharsets.US_ASCII) : line(text));
	}

	@Test
	void refusesALineThatEndsOtherwiseThanWithCrLf() {
		refuses("PROXY UNKNOWN\rGET".getBytes(StandardCharsets.US_ASCII));
		refuses("PROXY UNKNOWN\n".getBytes(StandardCharsets.US_ASCII));
	}

	@ParameterizedTest
	@ValueSource(strings = { "G", "p", "PROXYx", "\n", "\r\n\r\n\0\r\nQUIT ", "\u0016\u0003" })
	void refusesABrokenHeaderAtItsFirstWrongByte(String beginning) {
		refuses(beginning.getBytes(StandardCharsets.ISO_8859_1));
	}

	@Test
	void readsAddressesOfBothFamilies() {
		assertThat(read(binary("21", "11", IPV4))).isEqualTo(new ProxyHeader(at("192.0.2.7", 4711), at("203.0.113.1", 443), false));
		assertThat(read(binary("21", "21", IPV6))).isEqualTo(new ProxyHeader(at("2001:db8::1", 4711), at("2001:db8::2", 443), false));
		assertThat(read(binary("21", "31", "00".repeat(216)))).isEqualTo(new ProxyHeader(null, null, false));
	}

	@ParameterizedTest
	@CsvSource({ "00,''", "11,''", "11,ff", "21,c0", "31,''", "12,''", "00,200001" })
	void leavesTheBodyOfALocalHeaderAlone(String family, String body) {
		assertThat(read(binary("20", family, body))).isEqualTo(new ProxyHeader(null, null, false));
	}

	@ParameterizedTest
	@CsvSource({ "22", "2f", "11", "31", "01", "00", "f1" })
	void refusesUnknownVersionsAndCommands(String command) {
		refuses(binary(command, "11", IPV4));
	}

	@ParameterizedTest
	@ValueSource(strings = { "00", "01", "02", "10", "13", "1f", "20", "23", "30", "33", "41", "f1", "12", "22", "32" })
	void refusesFamiliesOtherThanStreams(String family) {
		refuses(binary("21", family, "00".repeat(300)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "01", "02", "10", "13", "41", "ff" })
	void refusesUnknownFamiliesAlsoInALocalHeader(String family) {
		refuses(binary("20", family, ""));
	}

	@ParameterizedTest
	@CsvSource({ "11,0", "11,11", "21,12", "21,35", "31,0", "31,215" })
	void refusesALengthBelowThatOfTheAddresses(String family, int length) {
		refuses(binary("21", family, "00".repeat(length)));
	}

	@Test
	void readsTheLargestHeaderAndNoLarger() {
		read(binary("21", "11", IPV4 + "04" + HexFormat.of().toHexDigits((char) (1024 - 12 - 3)) + "00".repeat(1024 - 12 - 3)));
		refuses(binary("21", "11", IPV4 + "04" + HexFormat.of().toHexDigits((char) (1025 - 12 - 3)) + "00".repeat(1025 - 12 - 3)));
		refuses(HexFormat.of().parseHex(SIGNATURE + "2111ffff"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "040000", "0400020000", "020001680500017804000100", "ee0000", "30000161" })
	void readsFactsThatItDoesNotNeed(String facts) {
		assertThat(read(binary("21", "11", IPV4 + facts)).tls()).isFalse();
		assertThat(read(binary("21", "21", IPV6 + facts)).tls()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "2000050100000000,true", "2000050700000000,true", "2000050300000001,true", "2000050000000000,false",
			"2000050600000000,false",
			"20000f01000000002100075443537631 2e33,true", "2000080100000000220000,true" })
	void knowsWhetherTheClientCameByTls(String facts, boolean tls) {
		assertThat(read(binary("21", "11", IPV4 + facts.replace(" ", ""))).tls()).isEqualTo(tls);
		assertThat(read(binary("21", "31", "00".repeat(216) + facts.replace(" ", ""))).tls()).isEqualTo(tls);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "04", "0400", "040001", "04000200", "04ffff00", "020001680400", "200000", "20000401000000", "20000601000000 0021",
					"200007010000000021 00", "2000080100000000210001", "20000a01000000002100 0354 4c" })
	void refusesFactsThatDoNotEndWithinTheirFrame(String facts) {
		refuses(binary("21", "11", IPV4 + facts.replace(" ", "")));
	}

	private static byte[] withChecksum(int difference) {
		byte[] header = binary("21", "11", IPV4 + "04000100" + "030004" + "00000000" + "0200016a");
		CRC32C checksum = new CRC32C();
		checksum.update(header);
		ByteBuffer.wrap(header).putInt(16 + 12 + 4 + 3, (int) checksum.getValue() + difference);
		return header;
	}

	@Test
	void checksTheChecksum() {
		assertThat(read(withChecksum(0)).client()).isEqualTo(at("192.0.2.7", 4711));
		refuses(withChecksum(1));
		refuses(binary("21", "11", IPV4 + "030003" + "000000"));
	}

	/** With any byte changed, a header is another lawful one, is incomplete, or is refused; nothing else happens. */
	@RepeatedTest(20)
	void failsInNoOtherWay(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		byte[][] headers = { line("PROXY TCP4 192.0.2.7 203.0.113.1 4711 443"), line("PROXY TCP6 2001:db8::1 ::1 4711 443"),
				binary("21", "11", IPV4 + "20000801000000002200 00".replace(" ", "")), binary("21", "21", IPV6 + "0400020000"),
				withChecksum(0), binary("20", "00", "") };
		for (int i = 0; i < 2000; i++) {
			byte[] header = headers[random.nextInt(headers.length)].clone();
			for (int changes = random.nextInt(3); changes >= 0; changes--) {
				header[random.nextInt(header.length)] = (byte) random.nextInt();
			}
			ByteArrayOutputStream all = new ByteArrayOutputStream();
			all.writeBytes(header);
			all.writeBytes(new byte[random.nextInt(20)]);
			ByteBuffer in = ByteBuffer.wrap(all.toByteArray());
			try {
				assertThat(ProxyHeader.read(in) == null).isEqualTo(in.position() == 0);
			}
			catch (IllegalArgumentException e) {
				assertThat(e).hasMessageNotContaining("limit");
			}
		}
	}
}
