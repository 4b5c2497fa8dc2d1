package org.alignment4j.api;

import java.util.Objects;
import org.apiguardian.api.API;

/** A budget (calls, tokens, money, time, memory) was used up before the work was done. */
@API(status = API.Status.STABLE, since = "0.1")
public class BudgetExceededException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /** What ran out. */
  private final String resource;

  /**
   * Creates a failure.
   *
   * @param resource what ran out: {@code calls}, {@code tokens}, {@code money}, {@code time} or
   *     {@code memory}
   * @param message rule, offending value, place and remedy
   */
  public BudgetExceededException(String resource, String message) {
    super(message);
    this.resource = Objects.requireNonNull(resource, "resource");
  }

  /**
   * Returns what ran out.
   *
   * @return {@code calls}, {@code tokens}, {@code money}, {@code time} or {@code memory}
   */
  public String resource() {
    return resource;
  }
}
