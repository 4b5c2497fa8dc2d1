/**
 * Causal tracing (Meng et al. 2022): which states, restored in a run whose subject is drowned in
 * noise, bring the answer back.
 */
@NullMarked
package org.alignment4j.interp.trace;

import org.jspecify.annotations.NullMarked;
