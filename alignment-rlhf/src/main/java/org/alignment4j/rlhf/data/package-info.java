/** Examples as tokens, and how they are laid out in the rows of micro-batches. */
@NullMarked
package org.alignment4j.rlhf.data;

import org.jspecify.annotations.NullMarked;
