/**
 * Directions in activation space: streaming means and covariances, mean differences, principal
 * components of differences and logistic directions, each with its hook point, model and norm.
 */
@NullMarked
package org.alignment4j.interp.direction;

import org.jspecify.annotations.NullMarked;
