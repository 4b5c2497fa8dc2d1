/** Runnable programs that show the library at work. */
@NullMarked
package org.alignment4j.examples;

import org.jspecify.annotations.NullMarked;
