package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses at which no backend is. */
class AllowedAddressesTests {

	@ParameterizedTest
	@ValueSource(strings = { "169.254.169.254", "169.254.0.1", "fe80::1", "::ffff:169.254.169.254", "fd00:ec2::254", "100.100.100.200",
			"168.63.129.16", "192.0.0.192", "0.0.0.0", "::", "224.0.0.1", "ff02::1" })
	void refusesMetadataServices(String address) {
		assertThat(AllowedAddresses.isAllowed(InetAddress.ofLiteral(address))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "203.0.113.7",
			"2001:db8::7" })
	void allowsPrivateNetworks(String address) {
		assertThat(AllowedAddresses.isAllowed(InetAddress.ofLiteral(address))).isTrue();
	}
}
