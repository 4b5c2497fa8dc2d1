/** Genetic search of readable texts that make a target likely, after AutoDAN. */
@NullMarked
package org.alignment4j.eval.redteam.genetic;

import org.jspecify.annotations.NullMarked;
