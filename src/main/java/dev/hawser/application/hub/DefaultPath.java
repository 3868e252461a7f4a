package dev.hawser.application.hub;

/**
 * The path of the hub that exists out of the box.
 *
 * @param path begins with a slash
 */
public record DefaultPath(String path) {
}
