package org.alignment4j.runtime.tokenizer.template;

import java.util.List;

/** The keys, values or items of a dict, or a range: sized and iterable. */
record View(Kind kind, List<Object> items, String printed) {

  enum Kind {
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items"),
    RANGE("range");

    private final String typeName;

    Kind(String typeName) {
      this.typeName = typeName;
    }

    String typeName() {
      return typeName;
    }
  }

  View(Kind kind, List<Object> items) {
    this(kind, items, "");
  }
}
