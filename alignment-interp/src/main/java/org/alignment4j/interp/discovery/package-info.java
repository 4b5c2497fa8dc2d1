/**
 * Which edges between the parts of a model a behaviour runs through: the computation graph of a
 * decoder, scores of its edges by gradients or one by one, circuits chosen from them or found by
 * ablation, and how faithful, complete and minimal they are.
 */
@NullMarked
package org.alignment4j.interp.discovery;

import org.jspecify.annotations.NullMarked;
