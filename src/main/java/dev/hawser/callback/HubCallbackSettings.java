package dev.hawser.callback;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether a hub has callbacks.
 *
 * @param callbacks {@code found}: those that are found for it; {@code none}: its clients only receive, and what they send is dropped
 */
record HubCallbackSettings(@DefaultValue("found") HubCallbacks callbacks) {
}
