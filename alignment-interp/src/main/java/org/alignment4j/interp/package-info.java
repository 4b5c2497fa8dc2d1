/**
 * Interpretability over the runtime's hook points: lenses, patching, circuits, features, editing
 * and steering.
 */
@NullMarked
package org.alignment4j.interp;

import org.jspecify.annotations.NullMarked;
