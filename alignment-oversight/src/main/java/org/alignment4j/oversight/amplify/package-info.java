/** Iterated amplification and distillation of language models (Christiano et al. 2018). */
@NullMarked
package org.alignment4j.oversight.amplify;

import org.jspecify.annotations.NullMarked;
