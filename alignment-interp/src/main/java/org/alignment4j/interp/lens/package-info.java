/**
 * What the residual stream holds on its way to the logits: what it is the sum of, what each part
 * adds to a difference of logits, and what the model would say if a layer were the last.
 */
@NullMarked
package org.alignment4j.interp.lens;

import org.jspecify.annotations.NullMarked;
