/**
 * From log-probabilities and rewards to advantages: plain arithmetic in double precision on values
 * of completions, and the controllers that carry numbers from step to step. Knows nothing of models
 * or graphs.
 */
@NullMarked
package org.alignment4j.rlhf.advantage;

import org.jspecify.annotations.NullMarked;
