/**
 * Linear probes of activations: logistic, mass-mean and contrast-consistent, with splits by group,
 * baselines, control tasks and intervals.
 */
@NullMarked
package org.alignment4j.interp.probe;

import org.jspecify.annotations.NullMarked;
