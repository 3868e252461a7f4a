package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.ReadsLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

@ReadsLog
class ReserveFileTests {
	private final IOException noFiles = new IOException("Too many open files");

	@Test
	void hangsUpOnEachClientAndSaysSoOnce(CapturedOutput output) throws Exception {
		List<String> counted = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				ReserveFile reserve = new ReserveFile(counted::add)) {
			server.configureBlocking(false);
			for (int i = 0; i < 20; i++) {
				try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort())) {
					client.setSoTimeout(60_000);
					reserve.hangUp(server, noFiles);
					assertThat(client.getInputStream().read()).isEqualTo(-1);
				}
			}
		}
		assertThat(counted).hasSize(20).containsOnly("open-files");
		assertThat(output.toString().lines().filter(line -> line.contains("Too many open files"))).hasSize(1);
		assertThat(output).doesNotContain("\tat ");
	}

	@Test
	void doesNothingWhereNoClientWaits() throws Exception {
		List<String> counted = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				ReserveFile reserve = new ReserveFile(counted::add)) {
			server.configureBlocking(false);
			reserve.hangUp(server, noFiles);
		}
		assertThat(counted).isEmpty();
	}
}
