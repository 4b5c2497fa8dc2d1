/**
 * Erasure of a concept from activations: least-squares (LEACE), orthogonal and with known labels,
 * as maps of rows and as interventions in a model.
 */
@NullMarked
package org.alignment4j.interp.erase;

import org.jspecify.annotations.NullMarked;
