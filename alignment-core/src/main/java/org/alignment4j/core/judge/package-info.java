/**
 * Language models as judges: prompts in which the judged text cannot pose as instructions, replies
 * that are parsed strictly or counted as unparsed, or verdicts as probabilities of the allowed
 * labels; both orders of a comparison, and refusals.
 */
@NullMarked
package org.alignment4j.core.judge;

import org.jspecify.annotations.NullMarked;
