/**
 * Losses of policies and of value models as pure functions of what a step sampled: each emits its
 * expression into a graph, and knows nothing of models.
 */
@NullMarked
package org.alignment4j.rlhf.policy;

import org.jspecify.annotations.NullMarked;
