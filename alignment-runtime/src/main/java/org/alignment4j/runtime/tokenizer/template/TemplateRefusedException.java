package org.alignment4j.runtime.tokenizer.template;

/**
 * The template itself refused the conversation by calling {@code raise_exception}; the message is
 * the template's own text, unchanged.
 */
public final class TemplateRefusedException extends TemplateException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message text given by the template
   * @param line line of the template, from 1
   */
  public TemplateRefusedException(String message, int line) {
    super(message, line);
  }
}
