/** Attacks by a model that improves its prompts from what the target answers, after PAIR. */
@NullMarked
package org.alignment4j.eval.redteam.pair;

import org.jspecify.annotations.NullMarked;
