/**
 * Defensive red-teaming of models one is authorised to attack: goals, what counts as success,
 * attacks and their runs, and the report of attack success beside over-refusal and utility.
 */
@NullMarked
package org.alignment4j.eval.redteam;

import org.jspecify.annotations.NullMarked;
