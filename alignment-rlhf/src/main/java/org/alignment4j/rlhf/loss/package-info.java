/**
 * Losses as pure functions: each emits its expression into a graph, and knows nothing of models.
 */
@NullMarked
package org.alignment4j.rlhf.loss;

import org.jspecify.annotations.NullMarked;
