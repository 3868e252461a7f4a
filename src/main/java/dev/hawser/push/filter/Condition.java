package dev.hawser.push.filter;

/** A part of a filter that is true or false. */
interface Condition {
	boolean of(Candidate candidate);
}
