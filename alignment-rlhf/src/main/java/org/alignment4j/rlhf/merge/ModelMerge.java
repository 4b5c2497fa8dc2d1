package org.alignment4j.rlhf.merge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Makes one model of several that were trained from one: rewarded soups, task arithmetic, TIES,
 * DARE, spherical interpolation. Immutable: each setting gives a new merge.
 *
 * <pre>{@code
 * DecoderModel soup =
 *     ModelMerge.soup()
 *         .member("helpful", helpful, 0.7)
 *         .member("harmless", harmless, 0.3)
 *         .merge()
 *         .model();
 * }</pre>
 *
 * <p>Parameters are averaged in float64; tied ones are one parameter. Adapters over the same
 * weights are merged as what they do, {@code ΔW = s·B·A}, never as factors: {@linkplain
 * MergeMethod#linear() linear} methods give an adapter again, of the sum of the ranks or of {@link
 * #adapterRank}, and the others, and adapters with magnitudes (DoRA), whole weights. A member
 * without adapter whose weights are those below the others' adapters is one that changes nothing.
 * The order of the members does not matter, in any bit; a member of weight 1 alone, and members
 * that are all the same, give that member, in every bit, where the method is an average.
 *
 * <p>Tokenizer, chat template and configuration of the result are the first member's.
 *
 * @param <M> the kind of model
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelMerge<M extends Model & AutoCloseable> {

  private final Mergeable<M> kind;
  private final MergeMethod method;
  private final List<MergeMember<M>> members;
  private final @Nullable M base;
  private final @Nullable Integer rank;

  private ModelMerge(
      Mergeable<M> kind,
      MergeMethod method,
      List<MergeMember<M>> members,
      @Nullable M base,
      @Nullable Integer rank) {
    this.kind = kind;
    this.method = Objects.requireNonNull(method, "method");
    this.members = List.copyOf(members);
    this.base = base;
    this.rank = rank;
  }

  /**
   * Returns a merge of language models by weighted average, without members yet.
   *
   * @return the merge
   */
  public static ModelMerge<DecoderModel> soup() {
    return of(MergeMethod.average());
  }

  /**
   * Returns a merge of language models, without members yet.
   *
   * @param method how tensors are merged
   * @return the merge
   */
  public static ModelMerge<DecoderModel> of(MergeMethod method) {
    return new ModelMerge<>(new Mergeable.Decoders(), method, List.of(), null, null);
  }

  /**
   * Returns a merge of reward models, without members yet. Averages of reward models of different
   * runs are more robust than one of them (Ramé et al. 2024, arXiv 2401.12187).
   *
   * @param method how tensors are merged
   * @return the merge
   */
  public static ModelMerge<TrainedRewardModel> ofRewardModels(MergeMethod method) {
    return new ModelMerge<>(new Mergeable.RewardModels(), method, List.of(), null, null);
  }

  /**
   * Returns a merge with one more member.
   *
   * @param name what messages and provenance call it
   * @param model the model; left as it is, open until {@link #merge} returns
   * @param weight its weight; each method has its rule
   * @return a new merge
   * @throws IllegalArgumentException when another member has the name
   */
  public ModelMerge<M> member(String name, M model, double weight) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    if (members.stream().anyMatch(m -> m.name().equals(name))) {
      throw new IllegalArgumentException(
          "members must have different names but two are called '" + name + "'");
    }
    List<MergeMember<M>> more = new ArrayList<>(members);
    more.add(new MergeMember<>(name, model, weight));
    return new ModelMerge<>(kind, method, more, base, rank);
  }

  /**
   * Returns the same merge with other weights, to sweep them.
   *
   * @param weights one for each member, in the order they were added
   * @return a new merge
   * @throws IllegalArgumentException when there are more or fewer weights than members
   */
  public ModelMerge<M> weights(double... weights) {
    if (weights.length != members.size()) {
      throw new IllegalArgumentException(
          "weights must be one for each of "
              + members.size()
              + " members but there are "
              + weights.length);
    }
    List<MergeMember<M>> weighted = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      weighted.add(members.get(i).weighted(weights[i]));
    }
    return new ModelMerge<>(kind, method, weighted, base, rank);
  }

  /**
   * Returns a merge whose task vectors start at a model. Methods on task vectors need it, unless
   * all members are adapters over the same weights, which are the base then.
   *
   * @param model the model that training began from, without adapter; left as it is
   * @return a new merge
   */
  public ModelMerge<M> base(M model) {
    return new ModelMerge<>(kind, method, members, Objects.requireNonNull(model, "model"), rank);
  }

  /**
   * Returns a merge that approximates the sum of adapters by one of a rank, from its singular
   * values (Eckart and Young 1936), where the exact sum would have the sum of the ranks.
   *
   * @param newRank of the result, at least 1
   * @return a new merge
   * @throws IllegalArgumentException when the rank is below 1
   */
  public ModelMerge<M> adapterRank(int newRank) {
    if (newRank < 1) {
      throw new IllegalArgumentException("adapterRank must be at least 1 but was " + newRank);
    }
    return new ModelMerge<>(kind, method, members, base, newRank);
  }

  /**
   * Returns the names of the members.
   *
   * @return in the order they were added
   */
  public List<String> names() {
    return members.stream().map(MergeMember::name).toList();
  }

  /**
   * Merges.
   *
   * @return the model, which the caller closes, and where it comes from
   * @throws IllegalArgumentException when there is no member, the weights break the method's rule,
   *     a base is missing, members differ in architecture, shapes or tokenizer, adapters are over
   *     different weights, or a value is not finite; the message names members and tensor
   * @throws IllegalStateException when whole weights are quantised: merge {@code dequantised()}
   *     models; or a model is closed
   */
  public MergedModel<M> merge() {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("a merge must have at least one member but has none");
    }
    M model = new MergeRun<>(kind, method, members, base, rank).run();
    Map<String, String> options = new LinkedHashMap<>();
    options.put("method", method.toString());
    if (rank != null) {
      options.put("adapter_rank", rank.toString());
    }
    List<Provenance> parents = new ArrayList<>();
    StringBuilder name = new StringBuilder(method.toString()).append(" of");
    for (MergeMember<M> member : members) {
      options.put("weight." + member.name(), Double.toString(member.weight()));
      parents.add(parent(member.name(), member.model()));
      name.append(parents.size() == 1 ? " " : ", ").append(member.weight()).append(" ");
      name.append(member.name());
    }
    if (base != null) {
      parents.add(parent("base", base));
    }
    return new MergedModel<>(
        model,
        name.toString(),
        options,
        method instanceof Dare dare ? Map.of("dare", dare.seed()) : Map.of(),
        parents);
  }

  private static Provenance parent(String name, Model model) {
    return Provenance.of("model", name, MergedModel.hash(model.id()));
  }
}
