/**
 * Evaluation sets about the pocket world in the file formats of public benchmarks, with labels that
 * follow from the world's truth.
 */
@NullMarked
package org.alignment4j.pocket.benchmark;

import org.jspecify.annotations.NullMarked;
