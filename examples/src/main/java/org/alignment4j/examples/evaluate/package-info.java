/** Evaluations of the pocket model by its world, and of any model by official files. */
@NullMarked
package org.alignment4j.examples.evaluate;

import org.jspecify.annotations.NullMarked;
