/**
 * Answers held against each other instead of against the truth: negations, paraphrases, monotone
 * quantities and Bayes' rule (Fluri et al. 2023), with the noise that repeated questions show.
 */
@NullMarked
package org.alignment4j.oversight.consistency;

import org.jspecify.annotations.NullMarked;
