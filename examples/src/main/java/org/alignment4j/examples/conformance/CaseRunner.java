package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs cases one after the other and keeps what came of them; a broken case stops no other. */
final class CaseRunner {

  /** One case. */
  @FunctionalInterface
  interface Body {

    /**
     * Compares.
     *
     * @throws IOException if a file of the case cannot be read
     */
    void run(Check check) throws IOException;
  }

  private final List<CaseResult> results = new ArrayList<>();
  private final Consumer<CaseResult> listener;

  /**
   * @param listener is told of each result at once
   */
  CaseRunner(Consumer<CaseResult> listener) {
    this.listener = listener;
  }

  /** Runs one case. */
  void run(String kind, String group, String name, Body body) {
    Check check = new Check();
    try {
      body.run(check);
    } catch (SkippedCaseException e) {
      skip(kind, group, name, String.valueOf(e.getMessage()));
      return;
    } catch (IOException | RuntimeException e) {
      check.fail(message(e));
    }
    add(check.result(kind, group, name));
  }

  /** Counts a case as skipped. */
  void skip(String kind, String group, String name, String reason) {
    add(new CaseResult(kind, group, name, Outcome.SKIPPED, Deviation.none(), reason));
  }

  /** Counts a case that could not even be begun. */
  void fail(String kind, String group, String name, Exception cause) {
    add(new CaseResult(kind, group, name, Outcome.FAILED, Deviation.none(), message(cause)));
  }

  /** Every result so far, in order. */
  List<CaseResult> results() {
    return List.copyOf(results);
  }

  private void add(CaseResult result) {
    results.add(result);
    listener.accept(result);
  }

  private static String message(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
