/**
 * SELF-ALIGN: instructions that a model makes up by topic, answers that it gives by principles in
 * its prompt, long answers of the model that learnt them, and the filter between answers and
 * training (Sun et al. 2023).
 */
@NullMarked
package org.alignment4j.oversight.selfalign;

import org.jspecify.annotations.NullMarked;
