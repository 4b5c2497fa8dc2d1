package org.alignment4j.eval.redteam.genetic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.eval.redteam.Attack;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackMemory;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.BundledRows;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.alignment4j.eval.redteam.WorkUnit;
import org.apiguardian.api.API;

/**
 * AutoDAN (Liu et al. 2023, arXiv 2310.04451): a population of readable texts is bred for the
 * likelihood of the target. The best live on, parents are drawn by the softmax of their scores,
 * exchange sentences, and are now and then rewritten; every few generations words are swapped for
 * synonyms of texts that scored well instead. Outcomes tell the least loss, that of the first
 * generation as the baseline, and the perplexity of the whole prompt. The same seed gives the same
 * texts, interrupted or not. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AutoDan implements Attack {

  private final PromptFrame frame;
  private final SuccessCriterion criterion;
  private final GeneticOptions options;
  private final List<String> texts;
  private final SynonymTable synonyms;
  private final TextMutation mutation;

  private AutoDan(
      PromptFrame frame,
      SuccessCriterion criterion,
      GeneticOptions options,
      List<String> texts,
      SynonymTable synonyms,
      TextMutation mutation) {
    this.frame = Objects.requireNonNull(frame, "frame");
    this.criterion = Objects.requireNonNull(criterion, "criterion");
    this.options = Objects.requireNonNull(options, "options");
    this.texts = List.copyOf(texts);
    this.synonyms = Objects.requireNonNull(synonyms, "synonyms");
    this.mutation = Objects.requireNonNull(mutation, "mutation");
    if (this.texts.isEmpty() || this.texts.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "the first generation must have a text, and no blank one, but was " + this.texts);
    }
  }

  /**
   * Returns the attack with the bundled texts, which it makes mutations of by the bundled synonyms.
   *
   * @param frame where request and text stand
   * @param criterion what counts as success of a reply
   * @param options how texts are bred
   */
  public static AutoDan of(PromptFrame frame, SuccessCriterion criterion, GeneticOptions options) {
    SynonymTable table = SynonymTable.bundled();
    List<String> first = BundledRows.read(AutoDan.class, "texts.jsonl", row -> row.apply("text"));
    return new AutoDan(frame, criterion, options, first, table, table);
  }

  /**
   * Returns this attack with another first generation.
   *
   * @throws IllegalArgumentException when there is no text or a blank one
   */
  public AutoDan withTexts(List<String> first) {
    return new AutoDan(frame, criterion, options, first, synonyms, mutation);
  }

  /** Returns this attack with other synonyms for swaps of words. */
  public AutoDan withSynonyms(SynonymTable table) {
    return new AutoDan(frame, criterion, options, texts, table, mutation);
  }

  /** Returns this attack with another way to rewrite texts, such as {@link Paraphrase}. */
  public AutoDan withMutation(TextMutation other) {
    return new AutoDan(frame, criterion, options, texts, synonyms, other);
  }

  PromptFrame frame() {
    return frame;
  }

  SuccessCriterion criterion() {
    return criterion;
  }

  GeneticOptions genetics() {
    return options;
  }

  List<String> texts() {
    return texts;
  }

  SynonymTable synonyms() {
    return synonyms;
  }

  TextMutation mutation() {
    return mutation;
  }

  @Override
  public String name() {
    return options.hierarchicalEvery() > 0 ? "AutoDAN-HGA" : "AutoDAN-GA";
  }

  @Override
  public WorkUnit unit() {
    return WorkUnit.FORWARDS;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> all = new LinkedHashMap<>(options.described());
    all.put("frame", frame.template());
    all.put("separator", frame.separator());
    all.put("chat", Boolean.toString(frame.chat()));
    all.put("criterion", criterion.name());
    all.put("texts", PlainJson.key(texts).hex());
    all.put("synonyms", synonyms.name());
    all.put("mutation", mutation.name());
    return all;
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(LikelihoodModel.class, LanguageModel.class);
  }

  @Override
  public AttackOutcome run(
      AuthorizedTarget target,
      AttackGoal goal,
      AttackMemory memory,
      CancellationToken cancellation) {
    return new Breeding(this, target, goal).run(memory, cancellation);
  }
}
