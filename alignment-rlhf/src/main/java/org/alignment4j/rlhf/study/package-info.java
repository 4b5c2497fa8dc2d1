/**
 * Studies of policies by several rewards: Pareto fronts over candidate models and merges, and how a
 * proxy reward is overoptimised.
 */
@NullMarked
package org.alignment4j.rlhf.study;

import org.jspecify.annotations.NullMarked;
