package dev.hawser.callback;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which callbacks a hub has.
 *
 * @param callbacks found: the hub uses the callbacks that are declared for it; none: its clients only receive, and messages from
 *     them are dropped
 */
record HubCallbackSettings(@DefaultValue("found") HubCallbacks callbacks) {
}
