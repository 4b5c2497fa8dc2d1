/** A bounded interpreter of the Jinja subset in which Hugging Face chat templates are written. */
@NullMarked
package org.alignment4j.runtime.tokenizer.template;

import org.jspecify.annotations.NullMarked;
