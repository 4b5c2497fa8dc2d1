package org.alignment4j.runtime.tokenizer.template;

import org.alignment4j.api.ModelExecutionException;

/** A chat template that cannot be parsed, or whose rendering fails or exceeds a bound. */
public class TemplateException extends ModelExecutionException {

  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * @param message rule, offending value and place
   * @param line line of the template, from 1
   */
  public TemplateException(String message, int line) {
    super(message);
    this.line = line;
  }

  /** Line of the template in which the failure was found, from 1. */
  public int line() {
    return line;
  }
}
