/**
 * Steering: directions added to or removed from activations, contrastive activation addition,
 * activation addition of prompts, inference-time intervention on heads, and the refusal direction
 * with orthogonalised weights.
 */
@NullMarked
package org.alignment4j.interp.steer;

import org.jspecify.annotations.NullMarked;
