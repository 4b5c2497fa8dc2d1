package org.alignment4j.eval.factuality;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.core.judge.PromptTemplate;

/** Texts that come with this package. */
final class BundledText {

  private BundledText() {}

  static String read(String name) {
    try (InputStream in = BundledText.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " must be beside this class");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the text " + name + ": " + e, e);
    }
  }

  static PromptTemplate template(String name, Set<String> plain, Set<String> fenced) {
    return PromptTemplate.parse(name, read(name), plain, fenced);
  }
}
