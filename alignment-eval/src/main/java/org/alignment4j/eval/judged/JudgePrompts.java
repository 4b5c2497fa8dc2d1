package org.alignment4j.eval.judged;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.core.judge.PromptTemplate;

/** The prompts that come with this package. */
final class JudgePrompts {
  private JudgePrompts() {}

  static PromptTemplate bundled(String name, Set<String> plain, Set<String> fenced) {
    try (InputStream in = JudgePrompts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " must be beside this class");
      }
      return PromptTemplate.parse(name, new String(in.readAllBytes(), UTF_8), plain, fenced);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the prompt " + name + ": " + e, e);
    }
  }
}
