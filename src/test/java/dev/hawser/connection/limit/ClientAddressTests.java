package dev.hawser.connection.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTests {

	@ParameterizedTest(name = "{0} and {1} count as one: {2}")
	@CsvSource({
			"192.0.2.1, 192.0.2.1, true",
			"192.0.2.1, 192.0.2.2, false",
			"2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
			"2001:db8:1:2::1, 2001:db8:1:3::1, false",
			"::ffff:192.0.2.1, 192.0.2.1, true" })
	void countsByAddressOrNetwork(String one, String other, boolean same) throws Exception {
		Object key = new ClientAddress(InetAddress.getByName(one)).key();
		assertThat(key.equals(new ClientAddress(InetAddress.getByName(other)).key())).isEqualTo(same);
	}
}
