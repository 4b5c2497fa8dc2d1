/** Prompt injection: instructions hidden in documents that a model works on. */
@NullMarked
package org.alignment4j.eval.redteam.injection;

import org.jspecify.annotations.NullMarked;
