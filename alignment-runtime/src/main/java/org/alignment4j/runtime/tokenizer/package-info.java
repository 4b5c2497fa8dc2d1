/** Tokenizers, chat templates, and the boundary between prompt and completion. */
@NullMarked
package org.alignment4j.runtime.tokenizer;

import org.jspecify.annotations.NullMarked;
