/**
 * The helpful-harmless front of the pocket model, by merging two models that were aligned apart.
 */
@NullMarked
package org.alignment4j.examples.pareto;

import org.jspecify.annotations.NullMarked;
