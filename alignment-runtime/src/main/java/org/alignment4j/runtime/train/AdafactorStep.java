package org.alignment4j.runtime.train;

/**
 * Numbers of one step of Adafactor.
 *
 * @param config settings
 * @param rate size of the step before it is scaled by a tensor
 * @param beta2 decay of the means of squared gradients, 0 at the first step
 * @param scale what gradients are multiplied by first
 */
record AdafactorStep(AdafactorConfig config, double rate, double beta2, float scale) {}
