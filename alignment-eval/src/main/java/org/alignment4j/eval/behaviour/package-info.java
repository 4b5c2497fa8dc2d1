/**
 * Behaviours of a model by what it says of itself: model-written evaluations and those in their
 * format.
 */
@NullMarked
package org.alignment4j.eval.behaviour;

import org.jspecify.annotations.NullMarked;
