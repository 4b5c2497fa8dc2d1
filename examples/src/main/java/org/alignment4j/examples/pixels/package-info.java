/** Debate without text: two players show pixels of a digit to a judge who sees nothing else. */
@NullMarked
package org.alignment4j.examples.pixels;

import org.jspecify.annotations.NullMarked;
