/**
 * Recursive reward modelling: evaluation helped by the agent of the level below, rewards learnt
 * from it, and agents made better by these rewards (Leike et al. 2018).
 */
@NullMarked
package org.alignment4j.oversight.recursive;

import org.jspecify.annotations.NullMarked;
