package org.alignment4j.runtime.tokenizer.template;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** State of one rendering: output, spans, place, and what is left of every bound. */
final class Run {

  private static final int MAX_COMPARED_DEPTH = 200;

  private final TemplateLimits limits;
  private final Clock clock;
  private final StringBuilder root = new StringBuilder();
  private final List<Rendering.Span> spans = new ArrayList<>();
  private StringBuilder output = root;
  private int line = 1;
  private int iterations;
  private int calls;
  private int compared;
  private long work;
  private int countedUnits;
  private int countedCodePoints;

  Run(TemplateLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  Clock clock() {
    return clock;
  }

  int line() {
    return line;
  }

  /** Notes the place for the message of the next failure. */
  void at(int newLine) {
    line = newLine;
  }

  void iteration() {
    if (++iterations > limits.maxIterations()) {
      throw exceeded("loops may run %s iterations in all (maxIterations)", limits.maxIterations());
    }
  }

  /** Counts characters or list items produced. */
  void work(long amount) {
    work += amount;
    if (work > limits.maxWork()) {
      throw exceeded("operations may produce %s characters and items (maxWork)", limits.maxWork());
    }
  }

  /** Refuses a value longer than the output may be, before it is made. */
  void bound(long length) {
    if (length > limits.maxOutputChars()) {
      throw exceeded("texts and lists may be %s long (maxOutputChars)", limits.maxOutputChars());
    }
  }

  String made(String text) {
    bound(text.length());
    work(text.length());
    return text;
  }

  void write(String text) {
    bound((long) output.length() + text.length());
    work(text.length());
    output.append(text);
  }

  /** Runs a body and returns what it wrote instead of writing it. */
  String capture(Runnable body) {
    StringBuilder outer = output;
    StringBuilder inner = new StringBuilder();
    output = inner;
    try {
      body.run();
    } finally {
      output = outer;
    }
    return inner.toString();
  }

  <T> T called(Supplier<T> body) {
    if (++calls > limits.maxCallDepth()) {
      throw exceeded(
          "macros and recursive loops may call %s deep (maxCallDepth)", limits.maxCallDepth());
    }
    T result = body.get();
    calls--;
    return result;
  }

  /** Runs a comparison of two nested values one level deeper. */
  <T> T compared(Supplier<T> comparison) {
    if (++compared > MAX_COMPARED_DEPTH) {
      throw exceeded("compared values may nest %s deep", MAX_COMPARED_DEPTH);
    }
    T result = comparison.get();
    compared--;
    return result;
  }

  /** Records that the text about to be written is the assistant's. */
  void span(String text) {
    countedCodePoints += root.codePointCount(countedUnits, root.length());
    countedUnits = root.length();
    spans.add(
        new Rendering.Span(
            countedCodePoints, countedCodePoints + text.codePointCount(0, text.length())));
  }

  Rendering finish(boolean marked) {
    return new Rendering(root.toString(), List.copyOf(spans), marked);
  }

  private static EvaluationError exceeded(String rule, long limit) {
    return new EvaluationError("limit exceeded: " + rule.formatted(limit));
  }
}
