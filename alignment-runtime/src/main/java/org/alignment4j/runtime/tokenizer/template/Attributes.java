package org.alignment4j.runtime.tokenizer.template;

import org.jspecify.annotations.Nullable;

/** A value with attributes of its own. */
interface Attributes {

  /** The attribute's value, or null where there is none. */
  @Nullable Object attribute(String name);
}
