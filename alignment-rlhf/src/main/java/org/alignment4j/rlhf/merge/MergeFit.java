package org.alignment4j.rlhf.merge;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.Parameter;
import org.jspecify.annotations.Nullable;

/** Whether models can be merged: the same computation over parameters of the same meaning. */
final class MergeFit {

  /** Parts of a configuration that no weight depends on. */
  private static final Set<String> TOKENS_ALONE =
      Set.of("bosTokenId", "eosTokenIds", "padTokenId", "maxPositions");

  private MergeFit() {}

  /**
   * Refuses a model that differs from another in architecture, shapes or tokenizer.
   *
   * @param names what messages call the two
   * @throws IllegalArgumentException naming the first difference
   */
  static void check(List<String> names, MergeParts first, MergeParts second) {
    String both = "'" + names.get(0) + "' and '" + names.get(1) + "'";
    checkArchitectures(both, first.architecture(), second.architecture());
    checkTokenizers(both, first.tokenizer(), second.tokenizer());
  }

  private static void checkArchitectures(String both, Architecture first, Architecture second) {
    for (RecordComponent component : DecoderConfig.class.getRecordComponents()) {
      Object one = value(component, first.config());
      Object two = value(component, second.config());
      if (!TOKENS_ALONE.contains(component.getName()) && !Objects.equals(one, two)) {
        throw refused(both, "architecture", component.getName() + " is " + one + " and " + two);
      }
    }
    if (!first.head().equals(second.head())) {
      throw refused(both, "architecture", "the head is " + first.head() + " and " + second.head());
    }
    List<String> one = first.parameters().stream().map(MergeFit::shown).toList();
    List<String> two = second.parameters().stream().map(MergeFit::shown).toList();
    for (int i = 0; i < Math.max(one.size(), two.size()); i++) {
      String a = i < one.size() ? one.get(i) : "absent";
      String b = i < two.size() ? two.get(i) : "absent";
      if (!a.equals(b)) {
        throw refused(both, "parameters", "one is " + a + " and " + b);
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, DecoderConfig config) {
    try {
      return component.getAccessor().invoke(config);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a component of a public record cannot be read", e);
    }
  }

  private static String shown(Parameter parameter) {
    return parameter.name() + " " + Arrays.toString(parameter.shape());
  }

  private static void checkTokenizers(
      String both, @Nullable Tokenizer first, @Nullable Tokenizer second) {
    if (first == second) {
      return;
    }
    if (first == null || second == null) {
      throw refused(both, "tokenizer", "one has none");
    }
    int size = first.vocabularySize();
    if (size != second.vocabularySize()) {
      throw refused(
          both, "tokenizer", "they have " + size + " and " + second.vocabularySize() + " tokens");
    }
    for (int id = 0; id < size; id++) {
      if (!first.token(id).equals(second.token(id))) {
        throw refused(
            both,
            "tokenizer",
            "token " + id + " is '" + first.token(id) + "' and '" + second.token(id) + "'");
      }
    }
    if (!first.specialIds().equals(second.specialIds())) {
      throw refused(
          both,
          "tokenizer",
          "special tokens are " + first.specialIds() + " and " + second.specialIds());
    }
  }

  private static IllegalArgumentException refused(String both, String what, String difference) {
    return new IllegalArgumentException(
        "models to merge must have the same %s but of %s %s; merge models that were trained from one"
                .formatted(what, both, difference)
            + " base model");
  }
}
