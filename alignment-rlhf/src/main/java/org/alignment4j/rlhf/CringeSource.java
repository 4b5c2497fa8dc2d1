package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.AnswerLayout;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.CringeExample;
import org.alignment4j.rlhf.data.CringeRows;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.CringeLoss;
import org.alignment4j.runtime.generate.SequenceRandom;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.TopLogits;
import org.alignment4j.runtime.train.UpdateSource;

/**
 * The updates of a Cringe run: bad tokens are contrasted with tokens drawn from the model before
 * the update. Draws depend on the seed, the update and the place in it only.
 */
record CringeSource(CringeLoss loss, List<CringeExample> examples, RowPlan plan, Epochs epochs)
    implements UpdateSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public Update at(long step, PresentModel policy) {
    List<CringeExample> batch = epochs.batch(step).stream().map(examples::get).toList();
    List<int[]> contrasts = contrasts(step, batch, policy);
    List<CringeRows.Entry> entries = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      entries.add(new CringeRows.Entry(batch.get(i), contrasts.get(i)));
    }
    return new Update(CringeRows.microBatches(entries, plan), measured -> report(measured, batch));
  }

  /** A token for each of each bad answer. */
  private List<int[]> contrasts(long step, List<CringeExample> batch, PresentModel policy) {
    List<int[]> contrasts = new ArrayList<>();
    List<Answers> asked = new ArrayList<>();
    List<int[]> wanted = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    for (CringeExample example : batch) {
      TokenIds bad = example.bad();
      int[] own = new int[example.badTokens()];
      contrasts.add(own);
      if (bad != null) {
        asked.add(new Answers(example.prompt(), List.of(bad)));
        wanted.add(own);
        starts.add(start);
        start += bad.size();
      }
    }
    if (asked.isEmpty()) {
      return contrasts;
    }
    SequenceRandom random = ContrastTokens.random(epochs.seed(), step);
    for (AnswerLayout layout : AnswerLayout.of(asked, 1, plan)) {
      MicroBatch rows = layout.toMicroBatch(Map.of());
      TopLogits top = policy.top(rows, loss.candidates() + 1);
      int[] owners = layout.owners();
      int token = 0;
      for (int row = 0; row < owners.length; row++) {
        token = row > 0 && owners[row] == owners[row - 1] ? token + 1 : 0;
        int example = layout.prompts().get(owners[row]);
        double uniform = random.uniform(starts.get(example) + (long) token);
        int bad = asked.get(example).answers().get(0).get(token);
        wanted.get(example)[token] = ContrastTokens.draw(top, row, bad, uniform);
      }
    }
    return contrasts;
  }

  /**
   * Means over tokens and answers of a kind, of means over examples; without those that the update
   * has none of.
   */
  private static Map<String, Double> report(
      Map<String, Double> measured, List<CringeExample> batch) {
    int examples = batch.size();
    long goodAnswers = batch.stream().filter(e -> e.good() != null).count();
    long badAnswers = batch.stream().filter(e -> e.bad() != null).count();
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put(CringeObjective.NLL, batch.stream().mapToLong(CringeExample::goodTokens).sum());
    counts.put(CringeObjective.CRINGE, batch.stream().mapToLong(CringeExample::badTokens).sum());
    counts.put(CringeObjective.GOOD, goodAnswers);
    counts.put(CringeObjective.BAD, badAnswers);
    counts.put(CringeObjective.GATE, (long) examples);
    Map<String, Double> reported = new LinkedHashMap<>();
    measured.forEach(
        (name, mean) -> {
          long count = Objects.requireNonNull(counts.get(name));
          if (count > 0) {
            reported.put(name, mean * examples / count);
          }
        });
    return reported;
  }

  @Override
  public Map<String, String> description() {
    StringBuilder content = new StringBuilder();
    for (CringeExample e : examples) {
      content.append(e.prompt()).append(e.good()).append(e.bad()).append('\n');
    }
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(content.toString()).toString());
    return description;
  }

  @Override
  public Map<String, String> state() {
    return Map.of();
  }

  @Override
  public void resume(Map<String, String> state) {}
}
