/** Reward models that were trained here or elsewhere, and what they are worth. */
@NullMarked
package org.alignment4j.rlhf.reward;

import org.jspecify.annotations.NullMarked;
