package org.alignment4j.runtime.tokenizer.template;

/** Bounds how deep a template nests expressions and statements. */
final class Nesting {

  private final int limit;
  private int depth;

  Nesting(int limit) {
    this.limit = limit;
  }

  void enter(int line) {
    if (++depth > limit) {
      throw new TemplateException(
          "line %s of the chat template: expressions and statements may nest at most %s deep (maxNesting)"
              .formatted(line, limit),
          line);
    }
  }

  void leave() {
    depth--;
  }
}
