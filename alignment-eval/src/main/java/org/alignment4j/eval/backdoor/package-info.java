/**
 * Backdoors: planting them with benign markers, measuring them before and after safety training,
 * and finding them by search for triggers and by probes.
 */
@NullMarked
package org.alignment4j.eval.backdoor;

import org.jspecify.annotations.NullMarked;
