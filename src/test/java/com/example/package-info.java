/** An application, as the README shows it. */
@NullMarked
package com.example;

import org.jspecify.annotations.NullMarked;
