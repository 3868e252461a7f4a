package dev.hawser.push.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** Answers the requests of the push API that {@link ApiDoor} has let in. Called on a virtual thread for each request, which may block. */
@FunctionalInterface
interface ApiRoutes {

	/**
	 * Answers one request whose token is good, within the quota of its key, for a hub that the key is for. Whether the key
	 * {@link PushKey#may may} be used for the request's verb must be checked here, before anything else about the request is told.
	 *
	 * @param path the decoded segments: {@code [api, hubs, chat, users, a/b, :send]}, at least three
	 * @param caller the key that has signed the request's token
	 */
	void answer(List<String> path, PushKey caller, HttpServletRequest request, HttpServletResponse response) throws IOException;
}
