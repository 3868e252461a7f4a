/**
 * What the subprotocols of clients make of messages. {@code json.webpubsub.azure.v1} is the client protocol of Azure Web PubSub in
 * JSON: requests to join groups, to send to them and to call the application, and their answers.
 */
@NullMarked
package dev.hawser.subprotocol;

import org.jspecify.annotations.NullMarked;
