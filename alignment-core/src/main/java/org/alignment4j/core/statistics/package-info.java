/**
 * Estimates with uncertainty: no figure without its interval and its count. Means, proportions and
 * medians, tests of paired and unpaired differences, ratings from comparisons, calibration,
 * correlation and agreement.
 */
@NullMarked
package org.alignment4j.core.statistics;

import org.jspecify.annotations.NullMarked;
