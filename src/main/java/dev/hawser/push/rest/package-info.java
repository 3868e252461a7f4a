/** Lets programs that hold a key push over HTTP, and lets in the clients whose tokens such programs have signed. */
@NullMarked
package dev.hawser.push.rest;

import org.jspecify.annotations.NullMarked;
