/**
 * Iterated amplification without a language model: tasks with exact answers and decompositions, a
 * learner that is a table, and the loop between them (Christiano et al. 2018, section 3).
 */
@NullMarked
package org.alignment4j.oversight.amplify.task;

import org.jspecify.annotations.NullMarked;
