package org.alignment4j.interp.activation;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * Which tokens of each example are read. Positions count from 0; negative ones from the example's
 * own end, -1 being its last token. Sequences are taken as they are: a beginning-of-sequence or
 * padding token that stands in one is a token like any other unless {@link ExceptSpecial} leaves it
 * out. What a collector pads on its own account is never read.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface TokenPositions {

  /**
   * The positions of one example.
   *
   * @param example number of the example, from 0
   * @param tokens its tokens, at least one
   * @return positions from 0, ascending; perhaps none
   * @throws IllegalArgumentException if a position lies outside
   */
  int[] of(int example, TokenIds tokens);

  /**
   * Refuses another number of examples than these positions are for.
   *
   * @throws IllegalArgumentException if positions of each example were given for another number
   */
  default void requireExamples(int examples) {}

  /** The last token. */
  static TokenPositions last() {
    return new From(-1);
  }

  /** Every token, special ones included. */
  static TokenPositions all() {
    return new From(0);
  }

  /** Every token but the given ones. */
  static TokenPositions except(Set<Integer> specialIds) {
    return new ExceptSpecial(specialIds);
  }

  /** Every token but the tokenizer's special ones: beginning, end, padding and the like. */
  static TokenPositions exceptSpecial(Tokenizer tokenizer) {
    return new ExceptSpecial(tokenizer.specialIds());
  }

  /** All tokens from one on, the same position in each example. */
  static TokenPositions from(int first) {
    return new From(first);
  }

  /** All tokens from one on, a position for each example. */
  static TokenPositions fromEach(int... firsts) {
    return new FromEach(ImmutableIntArray.copyOf(firsts));
  }

  /** One token, a position for each example. */
  static TokenPositions at(int... positions) {
    return new At(ImmutableIntArray.copyOf(positions));
  }

  /**
   * All tokens from one on.
   *
   * @param first the first, negative from the end
   */
  record From(int first) implements TokenPositions {
    @Override
    public int[] of(int example, TokenIds tokens) {
      return IntStream.range(resolve(example, first, tokens.size()), tokens.size()).toArray();
    }
  }

  /**
   * All tokens from one on, for each example another.
   *
   * @param firsts the first of each example, negative from the end
   */
  record FromEach(ImmutableIntArray firsts) implements TokenPositions {
    @Override
    public int[] of(int example, TokenIds tokens) {
      return IntStream.range(resolve(example, firsts.get(example), tokens.size()), tokens.size())
          .toArray();
    }

    @Override
    public void requireExamples(int examples) {
      requireOneEach(firsts.length(), examples);
    }
  }

  /**
   * One token of each example.
   *
   * @param positions the position in each example, negative from the end
   */
  record At(ImmutableIntArray positions) implements TokenPositions {
    @Override
    public int[] of(int example, TokenIds tokens) {
      return new int[] {resolve(example, positions.get(example), tokens.size())};
    }

    @Override
    public void requireExamples(int examples) {
      requireOneEach(positions.length(), examples);
    }
  }

  /**
   * Every token but special ones.
   *
   * @param ids ids of the tokens that are left out
   */
  record ExceptSpecial(Set<Integer> ids) implements TokenPositions {
    /** Copies. */
    public ExceptSpecial {
      ids = Set.copyOf(Objects.requireNonNull(ids, "ids"));
    }

    @Override
    public int[] of(int example, TokenIds tokens) {
      return IntStream.range(0, tokens.size())
          .filter(position -> !ids.contains(tokens.get(position)))
          .toArray();
    }
  }

  private static int resolve(int example, int position, int length) {
    if (position < -length || position >= length) {
      throw new IllegalArgumentException(
          "position must be in ["
              + -length
              + ", "
              + (length - 1)
              + "], since example "
              + example
              + " has "
              + length
              + " tokens, but was "
              + position);
    }
    return position < 0 ? position + length : position;
  }

  private static void requireOneEach(int given, int examples) {
    if (given != examples) {
      throw new IllegalArgumentException(
          "positions must be one for each of the " + examples + " examples but were " + given);
    }
  }
}
