/**
 * Knowledge neurons (Dai et al. 2022): which MLP neurons an answer rests on by integrated
 * gradients, what suppressing and amplifying them does beside as many random ones, and edits of
 * their values.
 */
@NullMarked
package org.alignment4j.interp.neuron;

import org.jspecify.annotations.NullMarked;
