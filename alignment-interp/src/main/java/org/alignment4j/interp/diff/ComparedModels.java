package org.alignment4j.interp.diff;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.Parameter;

/** Refuses to compare models whose difference is not one of weights alone. */
final class ComparedModels {

  /** Ids that end or begin texts: they change no forward pass. */
  private static final Set<String> NOT_COMPUTED = Set.of("bosTokenId", "eosTokenIds", "padTokenId");

  private ComparedModels() {}

  static void require(DecoderModel before, DecoderModel after) {
    requireFloats(before, "before");
    requireFloats(after, "after");
    requireConfig(before.architecture().config(), after.architecture().config());
    requireParameters(before.architecture().parameters(), after.architecture().parameters());
    if (before.hasTokenizer() && after.hasTokenizer()) {
      requireVocabulary(before.tokenizer(), after.tokenizer());
    }
  }

  private static void requireFloats(DecoderModel model, String which) {
    if (!model.weights().quantised().isEmpty()) {
      throw new IllegalStateException(
          "the model "
              + which
              + " must be float32 to be compared but "
              + model.weights().quantised().size()
              + " of its weights are quantised; compare dequantised()");
    }
    if (model.adapter() != null) {
      throw new IllegalStateException(
          "the model "
              + which
              + " must not have an adapter over its weights, since parts of weights are patched;"
              + " compare merged()");
    }
  }

  private static void requireConfig(DecoderConfig before, DecoderConfig after) {
    List<String> differing = new ArrayList<>();
    for (RecordComponent component : DecoderConfig.class.getRecordComponents()) {
      Object first = value(component, before);
      Object second = value(component, after);
      if (!NOT_COMPUTED.contains(component.getName()) && !Objects.equals(first, second)) {
        differing.add(component.getName() + " (" + first + " and " + second + ")");
      }
    }
    if (!differing.isEmpty()) {
      throw new IllegalArgumentException(
          "the models must be of one architecture but differ in "
              + String.join(", ", differing)
              + "; compare checkpoints of which one was made of the other");
    }
  }

  private static Object value(RecordComponent component, DecoderConfig config) {
    try {
      return String.valueOf(component.getAccessor().invoke(config));
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static void requireParameters(List<Parameter> before, List<Parameter> after) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    before.forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
    for (Parameter parameter : after) {
      long[] shape = shapes.remove(parameter.name());
      if (!Arrays.equals(shape, parameter.shape())) {
        throw new IllegalArgumentException(
            "the models must have the same parameters but '"
                + parameter.name()
                + "' is "
                + Arrays.toString(parameter.shape())
                + " in the model after and "
                + (shape == null ? "absent" : Arrays.toString(shape))
                + " in the model before; compare checkpoints of which one was made of the other");
      }
    }
    if (!shapes.isEmpty()) {
      throw new IllegalArgumentException(
          "the models must have the same parameters but the model after lacks " + shapes.keySet());
    }
  }

  private static void requireVocabulary(Tokenizer before, Tokenizer after) {
    int size = before.vocabularySize();
    if (size != after.vocabularySize()) {
      throw new IllegalArgumentException(
          "the models must have one vocabulary but theirs have "
              + size
              + " and "
              + after.vocabularySize()
              + " tokens");
    }
    for (int id = 0; id < size; id++) {
      if (!before.token(id).equals(after.token(id))) {
        throw new IllegalArgumentException(
            "the models must have one vocabulary but token "
                + id
                + " is '"
                + before.token(id)
                + "' before and '"
                + after.token(id)
                + "' after; prompts would be different texts to each");
      }
    }
  }
}
