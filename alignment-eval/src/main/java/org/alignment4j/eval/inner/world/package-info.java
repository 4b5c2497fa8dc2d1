/**
 * Goal misgeneralisation in grid worlds (Langosco et al. 2021): seeded levels in which goal and
 * proxy coincide or part, policies, tabular Q-learning, and capability and goal scored apart.
 */
@NullMarked
package org.alignment4j.eval.inner.world;

import org.jspecify.annotations.NullMarked;
