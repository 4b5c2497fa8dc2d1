/** Thresholds on evaluations: what has to hold before a model is let through. */
@NullMarked
package org.alignment4j.eval.gate;

import org.jspecify.annotations.NullMarked;
