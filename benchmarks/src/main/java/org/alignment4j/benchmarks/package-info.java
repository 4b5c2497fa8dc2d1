/** Measurements of the engine against itself and against peers. */
@NullMarked
package org.alignment4j.benchmarks;

import org.jspecify.annotations.NullMarked;
