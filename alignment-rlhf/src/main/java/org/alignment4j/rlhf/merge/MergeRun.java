package org.alignment4j.rlhf.merge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.peft.AdapterCombination;
import org.alignment4j.runtime.train.LoraAdapter;
import org.jspecify.annotations.Nullable;

/**
 * One merge of models. Members of the same content are one with the sum of their weights, those of
 * weight 0 none, and the rest are put into an order of their own, so that the result does not
 * depend on that in which they came. Owned by one call.
 *
 * @param <M> the kind of model
 */
final class MergeRun<M> {

  /** A member's parts and its weight. */
  private record Term<M>(String name, M model, MergeParts parts, double weight) {
    Term<M> plus(double more) {
      return new Term<>(name, model, parts, weight + more);
    }
  }

  private final Mergeable<M> kind;
  private final MergeMethod method;
  private final List<Term<M>> all;
  private final @Nullable MergeParts base;
  private final @Nullable Integer rank;

  MergeRun(
      Mergeable<M> kind,
      MergeMethod method,
      List<MergeMember<M>> members,
      @Nullable M base,
      @Nullable Integer rank) {
    this.kind = kind;
    this.method = method;
    this.all = new ArrayList<>();
    for (MergeMember<M> member : members) {
      all.add(
          new Term<>(member.name(), member.model(), kind.parts(member.model()), member.weight()));
    }
    this.base = base == null ? null : kind.parts(base);
    this.rank = rank;
  }

  M run() {
    method.check(all.stream().filter(t -> t.weight() != 0).mapToDouble(Term::weight).toArray());
    Term<M> first = all.get(0);
    all.forEach(t -> MergeFit.check(List.of(first.name(), t.name()), first.parts(), t.parts()));
    if (base != null) {
      MergeFit.check(List.of(first.name(), "base"), first.parts(), base);
      if (base.adapter() != null) {
        throw new IllegalArgumentException(
            "the base model must have no adapter but has one; give merged(), or what is below it");
      }
    }
    boolean adapted = all.stream().anyMatch(t -> t.parts().adapter() != null);
    if (adapted) {
      requireOneInitialisation(first);
    }
    if (method.needsBase() && base == null && !adapted) {
      throw new IllegalArgumentException(
          method
              + " is arithmetic on task vectors and needs the model that training began from;"
              + " give it by base(...)");
    }
    List<Term<M>> terms = terms();
    boolean keepsOne = method.linear() || !method.needsBase();
    if (keepsOne && terms.size() == 1 && terms.get(0).weight() == 1) {
      MergeParts only = terms.get(0).parts();
      return kind.rebuild(first.model(), only.weights(), only.adapter());
    }
    if (adapted && method.linear() && terms.stream().allMatch(t -> t.parts().additive())) {
      return kind.rebuild(first.model(), first.parts().weights(), combined(terms));
    }
    if (rank != null) {
      throw new IllegalArgumentException(
          "adapterRank is of a sum of adapters without magnitudes but this merge gives whole"
              + " weights; leave it out");
    }
    return kind.rebuild(first.model(), whole(terms), null);
  }

  private void requireOneInitialisation(Term<M> first) {
    for (Term<M> term : all) {
      refuseOther(first, term.name(), term.parts());
    }
    if (base != null) {
      refuseOther(first, "base", base);
    }
  }

  private void refuseOther(Term<M> first, String name, MergeParts parts) {
    if (!first.parts().sharesWeights(parts)) {
      throw new IllegalArgumentException(
          "adapters to merge must be over the same weights but those of '%s' and '%s' differ"
                  .formatted(first.name(), name)
              + "; where both were trained from one model all the same, merge merged() of each");
    }
  }

  /** In canonical order, without those that add nothing. */
  private List<Term<M>> terms() {
    Map<String, Term<M>> byContent = new LinkedHashMap<>();
    all.stream()
        .filter(t -> t.weight() != 0)
        .sorted(
            Comparator.comparing((Term<M> t) -> t.parts().id()).thenComparingDouble(Term::weight))
        .forEach(t -> byContent.merge(t.parts().id(), t, (one, other) -> one.plus(other.weight())));
    List<Term<M>> terms = new ArrayList<>(byContent.values());
    if (terms.size() == 1 && !method.needsBase()) {
      // What is left of weights on the simplex is 1, whatever rounding made of their sum.
      Term<M> only = terms.get(0);
      return List.of(new Term<>(only.name(), only.model(), only.parts(), 1));
    }
    return terms;
  }

  /** The adapter that adds what all of them add; null where none is left. */
  private @Nullable LoraAdapter combined(List<Term<M>> terms) {
    List<AdapterCombination.Member> members =
        terms.stream()
            .filter(t -> t.parts().adapter() != null)
            .map(t -> new AdapterCombination.Member(t.parts().requiredAdapter(), t.weight()))
            .toList();
    if (members.isEmpty()) {
      return null;
    }
    AdapterCombination combination = new AdapterCombination(members);
    return rank == null ? combination.concatenated() : combination.truncated(rank);
  }

  private Weights whole(List<Term<M>> terms) {
    terms.forEach(t -> refuseQuantised(t.name(), t.parts()));
    Weights start = base == null ? all.get(0).parts().weights() : base.weights();
    if (base != null) {
      refuseQuantised("base", base);
    }
    List<Weights> members = terms.stream().map(t -> t.parts().whole()).toList();
    List<StoredTensor> merged = new ArrayList<>();
    for (String name : start.names()) {
      StoredTensor shared = members.isEmpty() ? start.stored(name) : members.get(0).stored(name);
      boolean untouched =
          (!method.needsBase() || start.stored(name) == shared)
              && members.stream().allMatch(m -> m.stored(name) == shared);
      merged.add(untouched ? shared : merged(name, start, members, terms));
    }
    return Weights.of(merged);
  }

  private WeightTensor merged(
      String name, Weights start, List<Weights> members, List<Term<M>> terms) {
    WeightTensor like = start.get(name);
    List<MergeTensor.Member> values = new ArrayList<>();
    for (int k = 0; k < terms.size(); k++) {
      Term<M> term = terms.get(k);
      float[] own = values(members.get(k).get(name));
      values.add(new MergeTensor.Member(term.parts().id(), term.weight(), own));
    }
    float[] result =
        method.merge(new MergeTensor(name, method.needsBase() ? values(like) : null, values));
    for (int i = 0; i < result.length; i++) {
      if (!Float.isFinite(result[i])) {
        throw new IllegalArgumentException(
            "merged weights must be finite but element %s of '%s' was %s; look at the members' weights"
                .formatted(i, name, result[i]));
      }
    }
    return WeightTensor.of(name, like.shape(), result);
  }

  private static float[] values(WeightTensor tensor) {
    float[] values = new float[tensor.size()];
    tensor.data().get(values);
    return values;
  }

  private static void refuseQuantised(String name, MergeParts parts) {
    if (!parts.weights().quantised().isEmpty()) {
      throw new IllegalStateException(
          "weights to merge must be float32 but those of '"
              + Objects.requireNonNull(name)
              + "' are quantised; merge the float32 model or dequantised()");
    }
  }
}
