/** Log-probabilities of given continuations. */
@NullMarked
package org.alignment4j.runtime.score;

import org.jspecify.annotations.NullMarked;
