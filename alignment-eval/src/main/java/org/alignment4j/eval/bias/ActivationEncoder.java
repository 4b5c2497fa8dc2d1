package org.alignment4j.eval.bias;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Vectors of texts from a model's activations: those at the last token, or the mean over tokens.
 * The special tokens that the tokenizer adds to a text are there but have no part in a mean.
 * Immutable and thread-safe.
 *
 * @param point where in the model, with axes {@code [batch, position, width]}
 * @param pooling which tokens count
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ActivationEncoder(HookPoint<Axes.Residual> point, Pooling pooling)
    implements SentenceEncoder {

  /** Which tokens of a text its vector is made of. */
  public enum Pooling {
    /** The last one, which has seen the whole text. */
    LAST,
    /** The mean of all but special tokens. */
    MEAN
  }

  /** Checks that nothing is missing. */
  public ActivationEncoder {
    Objects.requireNonNull(point, "point");
    Objects.requireNonNull(pooling, "pooling");
  }

  @Override
  public String name() {
    return point + ", " + pooling;
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(HookedModel.class);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when the model has no activations or lacks the point, or a
   *     text has no token or exceeds the model's context
   */
  @Override
  public List<float[]> encode(List<String> texts, Model model, CancellationToken cancellation) {
    if (!(model instanceof HookedModel hooked)) {
      throw new IllegalArgumentException(
          "the model must show its activations (HookedModel) but '" + model.id() + "' does not");
    }
    if (texts.isEmpty()) {
      return List.of();
    }
    Set<Integer> special = hooked.tokenizer().specialIds();
    List<TokenIds> tokens = new ArrayList<>();
    for (String text : texts) {
      TokenIds ids = hooked.tokenizer().encodeWithSpecialTokens(text);
      if (lastToken(ids, special) < 0) {
        throw new IllegalArgumentException(
            "a text must have a token to have a vector but '" + text + "' has none");
      }
      tokens.add(ids);
    }
    try (ForwardResult result = hooked.forward(tokens).cache(point).execute(cancellation)) {
      Values values = result.cache().values(point);
      List<float[]> vectors = new ArrayList<>();
      for (int row = 0; row < tokens.size(); row++) {
        vectors.add(pooled(values, row, tokens.get(row), special));
      }
      return List.copyOf(vectors);
    }
  }

  private static int lastToken(TokenIds ids, Set<Integer> special) {
    for (int i = ids.size() - 1; i >= 0; i--) {
      if (!special.contains(ids.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private float[] pooled(Values values, int row, TokenIds ids, Set<Integer> special) {
    int width = values.shape()[2];
    float[] vector = new float[width];
    int last = lastToken(ids, special);
    int count = 0;
    for (int at = pooling == Pooling.LAST ? last : 0; at <= last; at++) {
      if (!special.contains(ids.get(at))) {
        count++;
        for (int i = 0; i < width; i++) {
          vector[i] += values.get(row, at, i);
        }
      }
    }
    for (int i = 0; i < width; i++) {
      vector[i] /= count;
    }
    return vector;
  }
}
