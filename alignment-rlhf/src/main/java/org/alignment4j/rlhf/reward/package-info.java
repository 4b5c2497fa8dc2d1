/**
 * Rewards of answers: models that were trained here or elsewhere, rules, AI feedback and remote
 * models; ensembles, sums and scales of them; and what they are worth.
 */
@NullMarked
package org.alignment4j.rlhf.reward;

import org.jspecify.annotations.NullMarked;
