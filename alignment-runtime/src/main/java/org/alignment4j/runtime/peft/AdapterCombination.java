package org.alignment4j.runtime.peft;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.LoraMatrices;
import org.apiguardian.api.API;

/**
 * One adapter of several, weighted, as PEFT's {@code add_weighted_adapter} makes them. A weight
 * that only some of them adapt is combined of those. The result has the scale 1 everywhere.
 * Immutable and thread-safe.
 *
 * @param members at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdapterCombination(List<Member> members) {

  /**
   * An adapter and its weight.
   *
   * @param adapter one without magnitudes
   * @param weight any finite number
   */
  public record Member(LoraAdapter adapter, double weight) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the weight is not finite, or the adapter has
     *     magnitudes, whose effect is no sum
     */
    public Member {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException("weight must be finite but was " + weight);
      }
      if (!adapter.decomposed().isEmpty()) {
        throw new IllegalArgumentException(
            "adapters to combine must have no magnitudes but one has them (DoRA), and what they do"
                + " is no sum; merge it instead");
      }
    }
  }

  /** A pair and the factor on its product. */
  private record Term(LoraMatrices pair, double factor) {}

  /**
   * Checks that adapters fit each other.
   *
   * @throws IllegalArgumentException when there is none, or two adapt a weight of different shape
   */
  public AdapterCombination {
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members must be at least one but there is none");
    }
    Map<String, LoraMatrices> first = new LinkedHashMap<>();
    for (Member member : members) {
      member
          .adapter()
          .matrices()
          .forEach(
              (name, pair) -> {
                LoraMatrices other = first.putIfAbsent(name, pair);
                if (other != null && (other.in() != pair.in() || other.out() != pair.out())) {
                  throw new IllegalArgumentException(
                      "adapters to combine must be of the same base model but '"
                          + name
                          + "' is ["
                          + other.out()
                          + ", "
                          + other.in()
                          + "] to one and ["
                          + pair.out()
                          + ", "
                          + pair.in()
                          + "] to another");
                }
              });
    }
  }

  /**
   * Concatenates: the exact sum {@code Σ w·s·B·A}, of the sum of the ranks.
   *
   * @return a new adapter
   */
  public LoraAdapter concatenated() {
    return combined(AdapterCombination::concatenated);
  }

  /**
   * Adds A and B separately, each with the square root of {@code w·s} (the sign on A), as PEFT's
   * {@code linear} does. The product of the sums is not the sum of the products: it also holds
   * every B with every other A. For the sum itself, {@linkplain #concatenated() concatenate}.
   *
   * @return a new adapter of the members' rank
   * @throws IllegalArgumentException when a weight's adapters have different ranks
   */
  public LoraAdapter linear() {
    return combined(AdapterCombination::linear);
  }

  /**
   * The best approximation of the sum {@code Σ w·s·B·A} by a rank, from its singular values (Eckart
   * and Young 1936). PEFT's {@code svd} multiplies with every scale twice; this does so once.
   *
   * @param rank of the result, at least 1
   * @return a new adapter
   * @throws IllegalArgumentException when the rank is below 1
   */
  public LoraAdapter truncated(int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException("rank must be at least 1 but was " + rank);
    }
    return combined((name, terms) -> truncated(name, terms, rank));
  }

  private LoraAdapter combined(BiFunction<String, List<Term>, LoraMatrices> rule) {
    Set<String> names = new LinkedHashSet<>();
    EnumSet<Part> parts = EnumSet.noneOf(Part.class);
    for (Member member : members) {
      names.addAll(member.adapter().matrices().keySet());
      parts.addAll(member.adapter().config().targets());
    }
    Map<String, LoraMatrices> matrices = new LinkedHashMap<>();
    int rank = 1;
    for (String name : names) {
      List<Term> terms = new ArrayList<>();
      for (Member member : members) {
        LoraMatrices pair = member.adapter().matrices().get(name);
        if (pair != null) {
          terms.add(new Term(pair, member.weight() * member.adapter().scale(name)));
        }
      }
      LoraMatrices pair = Objects.requireNonNull(rule.apply(name, terms));
      rank = Math.max(rank, pair.rank());
      matrices.put(name, pair);
    }
    return new LoraAdapter(new LoraConfig(rank, rank, parts, false, 0), matrices);
  }

  private static LoraMatrices concatenated(String name, List<Term> terms) {
    LoraMatrices first = terms.get(0).pair();
    int rank = terms.stream().mapToInt(t -> t.pair().rank()).sum();
    float[] a = new float[rank * first.in()];
    float[] b = new float[first.out() * rank];
    int at = 0;
    for (Term term : terms) {
      LoraMatrices pair = term.pair();
      FloatBuffer ofA = pair.a().data();
      for (int i = 0; i < ofA.limit(); i++) {
        a[at * first.in() + i] = (float) (term.factor() * ofA.get(i));
      }
      FloatBuffer ofB = pair.b().data();
      for (int o = 0; o < first.out(); o++) {
        ofB.get(b, o * rank + at, pair.rank());
      }
      at += pair.rank();
    }
    return pair(name, rank, first, a, b);
  }

  private static LoraMatrices linear(String name, List<Term> terms) {
    LoraMatrices first = terms.get(0).pair();
    int rank = first.rank();
    double[] a = new double[rank * first.in()];
    double[] b = new double[first.out() * rank];
    for (Term term : terms) {
      if (term.pair().rank() != rank) {
        throw new IllegalArgumentException(
            "adapters must have one rank to be added linearly but those of '"
                + name
                + "' have "
                + rank
                + " and "
                + term.pair().rank()
                + "; concatenate them instead");
      }
      double root = Math.sqrt(Math.abs(term.factor()));
      add(a, Math.copySign(root, term.factor()), term.pair().a());
      add(b, root, term.pair().b());
    }
    return pair(name, rank, first, floats(a), floats(b));
  }

  private static LoraMatrices truncated(String name, List<Term> terms, int rank) {
    LoraMatrices first = terms.get(0).pair();
    int total = terms.stream().mapToInt(t -> t.pair().rank()).sum();
    double[][] a = new double[total][first.in()];
    double[][] b = new double[first.out()][total];
    int at = 0;
    for (Term term : terms) {
      LoraMatrices pair = term.pair();
      for (int k = 0; k < pair.rank(); k++) {
        for (int i = 0; i < pair.in(); i++) {
          a[at + k][i] = term.factor() * pair.a().data().get(k * pair.in() + i);
        }
        for (int o = 0; o < pair.out(); o++) {
          b[o][at + k] = pair.b().data().get(o * pair.rank() + k);
        }
      }
      at += pair.rank();
    }
    LowRankFactors factors = LowRankFactors.of(b, a, rank);
    float[] left = floats(joined(factors.left()));
    float[] right = floats(joined(factors.right()));
    return pair(name, rank, first, right, left);
  }

  private static LoraMatrices pair(String name, int rank, LoraMatrices like, float[] a, float[] b) {
    return new LoraMatrices(
        WeightTensor.of(LoraAdapter.aName(name), new long[] {rank, like.in()}, a),
        WeightTensor.of(LoraAdapter.bName(name), new long[] {like.out(), rank}, b),
        1.0,
        null);
  }

  private static double[] joined(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void add(double[] to, double factor, WeightTensor tensor) {
    FloatBuffer values = tensor.data();
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * values.get(i);
    }
  }

  private static float[] floats(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
