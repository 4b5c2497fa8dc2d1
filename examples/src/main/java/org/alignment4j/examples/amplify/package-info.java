/** The pocket model amplified by its own sub-questions and distilled, on questions of its world. */
@NullMarked
package org.alignment4j.examples.amplify;

import org.jspecify.annotations.NullMarked;
