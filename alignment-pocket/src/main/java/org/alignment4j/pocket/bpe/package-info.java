/** Training of byte-level byte-pair encodings, and the tokenizer files of a Hugging Face folder. */
@NullMarked
package org.alignment4j.pocket.bpe;

import org.jspecify.annotations.NullMarked;
