package org.alignment4j.runtime.tokenizer.template;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed chat template in Jinja's language, with the settings Hugging Face renders with: {@code
 * trim_blocks}, {@code lstrip_blocks}, no autoescape, loop controls, {@code generation} blocks, the
 * filter {@code tojson} without HTML escaping, the functions {@code raise_exception} and {@code
 * strftime_now}. Values follow Python: integers (64 bits here), floats, strings of code points,
 * lists, dicts, None. Values cannot be modified; other templates cannot be loaded.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Template {

  private final List<Node> body;
  private final boolean marksAssistant;
  private final TemplateLimits limits;

  private Template(List<Node> body, boolean marksAssistant, TemplateLimits limits) {
    this.body = body;
    this.marksAssistant = marksAssistant;
    this.limits = limits;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if the text is not a template or exceeds a bound
   */
  public static Template parse(String source, TemplateLimits limits) {
    if (source.length() > limits.maxTemplateChars()) {
      throw new TemplateException(
          "the chat template has %s characters; at most %s are allowed (maxTemplateChars)"
              .formatted(source.length(), limits.maxTemplateChars()),
          1);
    }
    try {
      StatementParser.Parsed parsed = StatementParser.parse(Lexer.tokens(source), limits);
      return new Template(parsed.body(), parsed.marksAssistant(), limits);
    } catch (StackOverflowError e) {
      throw new TemplateException("the chat template nests too deep for this thread's stack", 1);
    }
  }

  /** Whether the template marks the assistant's text with {@code generation} blocks. */
  public boolean marksAssistant() {
    return marksAssistant;
  }

  /**
   * Renders the template.
   *
   * @param variables null, booleans, numbers, strings, and lists and maps of them
   * @param clock time and zone of {@code strftime_now}
   * @throws TemplateRefusedException if the template calls {@code raise_exception}
   * @throws TemplateException if an operation fails or exceeds a bound
   */
  public Rendering render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    Map<String, Object> passed = new HashMap<>(Globals.ALL);
    variables.forEach((name, value) -> passed.put(name, JavaValues.convert(name, value)));
    Run run = new Run(limits, clock);
    try {
      Node.execAll(body, Scope.passed(passed).child(), run);
      return run.finish(marksAssistant);
    } catch (EvaluationError e) {
      throw new TemplateException(
          "line %s of the chat template: %s".formatted(run.line(), e.getMessage()), run.line());
    } catch (StackOverflowError e) {
      throw new TemplateException(
          "line %s of the chat template: calls or values nest too deep for this thread's stack"
              .formatted(run.line()),
          run.line());
    }
  }
}
