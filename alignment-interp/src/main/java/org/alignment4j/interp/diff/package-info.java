/**
 * Two checkpoints of one architecture compared: which weights, heads, neurons, directions and
 * features differ, and which differences carry a difference in behaviour.
 */
@NullMarked
package org.alignment4j.interp.diff;

import org.jspecify.annotations.NullMarked;
