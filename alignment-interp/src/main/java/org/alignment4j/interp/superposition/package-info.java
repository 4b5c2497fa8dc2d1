/**
 * Toy models of superposition (Elhage et al. 2022): models with more features than dimensions, what
 * they represent at which sparsity, and SoLU.
 */
@NullMarked
package org.alignment4j.interp.superposition;

import org.jspecify.annotations.NullMarked;
