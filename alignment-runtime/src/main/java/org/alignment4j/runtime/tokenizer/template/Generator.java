package org.alignment4j.runtime.tokenizer.template;

import java.util.Iterator;
import java.util.List;

/** What lazy filters return: iterable once, always true, without length or items. */
record Generator(Iterator<Object> rest) {

  static Generator of(List<Object> items) {
    return new Generator(items.iterator());
  }
}
