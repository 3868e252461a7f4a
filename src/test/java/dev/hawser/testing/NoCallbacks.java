package dev.hawser.testing;

/** An application without callback beans: its hubs get their callbacks from the configuration. */
public final class NoCallbacks {
}
