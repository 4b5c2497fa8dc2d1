/**
 * Facts as language models are asked for them: prompts with a subject, the answer, paraphrases and
 * prompts about neighbours; where the subject's tokens stand in a prompt; readers of published
 * sets.
 */
@NullMarked
package org.alignment4j.interp.fact;

import org.jspecify.annotations.NullMarked;
