/**
 * Facts changed in a model's weights: second moments of MLP keys, ROME and MEMIT, edits that can be
 * undone to the bit, and the scores that tell what an edit changed and what it left.
 */
@NullMarked
package org.alignment4j.interp.edit;

import org.jspecify.annotations.NullMarked;
