/**
 * Adapters as Hugging Face PEFT keeps them: folders read and written, module selection as PEFT
 * means it, and combinations of several adapters.
 */
@NullMarked
package org.alignment4j.runtime.peft;

import org.jspecify.annotations.NullMarked;
