package dev.hawser.testing;

/** No callbacks: the built-in demonstration answers. */
public final class Echo {
	private Echo() {
	}
}
