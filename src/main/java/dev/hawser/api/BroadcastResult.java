package dev.hawser.api;

/**
 * The result of a broadcast.
 *
 * @param accepted connections for which the message was sent or queued
 * @param refused  connections that could not take it: closing, gone, or too slow
 */
public record BroadcastResult(int accepted, int refused) {
}
