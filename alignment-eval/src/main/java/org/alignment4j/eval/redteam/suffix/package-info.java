/**
 * Searches for tokens in a prompt that make a target likely: greedy coordinate gradient, and random
 * swaps as its baseline.
 */
@NullMarked
package org.alignment4j.eval.redteam.suffix;

import org.jspecify.annotations.NullMarked;
