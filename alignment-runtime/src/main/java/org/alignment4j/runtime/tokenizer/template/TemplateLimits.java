package org.alignment4j.runtime.tokenizer.template;

/**
 * Bounds within which a template is parsed and rendered; a template is data from strangers, so
 * every resource it can consume is limited. Passing a bound raises a {@link TemplateException} that
 * names the bound.
 *
 * @param maxTemplateChars length of the template text, in UTF-16 units
 * @param maxNesting depth of nested expressions and of nested statements in the template text
 * @param maxIterations loop iterations of one rendering, all loops together
 * @param maxOutputChars length of one rendering and of every string made on the way, in UTF-16
 *     units
 * @param maxCallDepth depth of macro calls and recursive loops
 * @param maxWork characters and list items produced by one rendering, all operations together
 */
public record TemplateLimits(
    int maxTemplateChars,
    int maxNesting,
    int maxIterations,
    int maxOutputChars,
    int maxCallDepth,
    long maxWork) {

  public TemplateLimits {
    requirePositive("maxTemplateChars", maxTemplateChars);
    requirePositive("maxNesting", maxNesting);
    requirePositive("maxIterations", maxIterations);
    requirePositive("maxOutputChars", maxOutputChars);
    requirePositive("maxCallDepth", maxCallDepth);
    requirePositive("maxWork", maxWork);
  }

  /** Bounds that every published chat template keeps by a wide margin. */
  public static TemplateLimits standard() {
    return new TemplateLimits(1_000_000, 100, 1_000_000, 32_000_000, 100, 400_000_000L);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }
}
