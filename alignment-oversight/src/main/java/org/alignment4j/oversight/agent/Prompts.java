package org.alignment4j.oversight.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.alignment4j.core.judge.PromptTemplate;
import org.apiguardian.api.API;

/** Prompts that come with the library, and names of options for them. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Prompts {
  private Prompts() {}

  /**
   * Reads a template beside a class.
   *
   * @param owner the class
   * @param name the resource
   * @param plain names that hold text of the protocol or its user
   * @param fenced names that hold text of others
   * @throws IllegalStateException if there is no such resource
   */
  public static PromptTemplate bundled(
      Class<?> owner, String name, Set<String> plain, Set<String> fenced) {
    return PromptTemplate.parse(name, text(owner, name), plain, fenced);
  }

  /**
   * Reads a text beside a class.
   *
   * @throws IllegalStateException if there is no such resource
   */
  public static String text(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the resource " + name + " must lie beside " + owner.getSimpleName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }

  /** Returns the letter of an option: {@code A} for 0. */
  public static String letter(int option) {
    return String.valueOf((char) ('A' + option));
  }
}
