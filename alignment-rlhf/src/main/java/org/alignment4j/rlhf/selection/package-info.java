/** Which of sampled answers are worth learning from, on plain numbers. */
@NullMarked
package org.alignment4j.rlhf.selection;

import org.jspecify.annotations.NullMarked;
