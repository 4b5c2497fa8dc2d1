/** Evaluations kept over time, and what changed between them. */
@NullMarked
package org.alignment4j.eval.history;

import org.jspecify.annotations.NullMarked;
