package dev.hawser.application.hub;

/**
 * The path of the hub {@code default}, which always exists, as clients write it.
 *
 * @param path begins with a slash
 */
public record DefaultPath(String path) {
}
