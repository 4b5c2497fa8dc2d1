package org.alignment4j.eval.general;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.eval.declared.TaskTemplate;

/** Templates that come with this package. */
final class BundledTemplates {

  private BundledTemplates() {}

  static TaskTemplate template(String name) {
    return TaskTemplate.parse(name, text(name));
  }

  static String text(String name) {
    try (InputStream in = BundledTemplates.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " must be beside this class");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the resource " + name + ": " + e, e);
    }
  }
}
