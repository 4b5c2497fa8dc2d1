package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.activation.Beginning;
import org.alignment4j.interp.diff.WeightPart.Kind;
import org.alignment4j.interp.edit.EditContexts;
import org.alignment4j.interp.edit.EditRequest;
import org.alignment4j.interp.edit.KeyMetric;
import org.alignment4j.interp.edit.Rome;
import org.alignment4j.interp.edit.RomeOptions;
import org.alignment4j.interp.edit.ValueSearchOptions;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.CounterFact;
import org.alignment4j.interp.fact.FactEncoder;
import org.alignment4j.interp.fact.PocketFacts;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pocket model edited where we know, and aligned by demonstrations. */
@Tag("slow")
class PocketCircuitDiffTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketCircuitDiffTest.class);
  private static final CancellationToken NONE = CancellationToken.none();
  private static final WeightPart EDITED = WeightPart.of(Kind.MLP, 0);

  @TempDir static Path folder;
  private static DecoderModel base;

  @BeforeAll
  static void load() {
    base = DecoderModel.load(PocketModel.copyTo(folder));
  }

  @AfterAll
  static void close() {
    base.close();
  }

  private static List<CounterFact> facts() {
    List<CounterFact> all = new ArrayList<>();
    for (Relation relation : List.of(Relation.HOME, Relation.PET, Relation.BIRTH_YEAR)) {
      var facts = new ArrayList<>(PocketFacts.of(relation));
      Collections.shuffle(facts, new Random(3));
      all.addAll(PocketFacts.counterFacts(facts, 5).subList(0, 2));
    }
    return all;
  }

  private static DecoderModel edited(List<CounterFact> facts) {
    List<String> contexts = EditContexts.sample(base, "<|endoftext|>", List.of(5, 10, 10), 1, NONE);
    Rome rome =
        new Rome(
            new RomeOptions(0, RomeOptions.Keys.AVERAGED, ValueSearchOptions.rome().withClamp(12)),
            KeyMetric.identity());
    DecoderModel model = base.withWeights(base.weights());
    for (CounterFact fact : facts) {
      EditRequest request = EditRequest.of(base.tokenizer(), fact, contexts, "{subject} said that");
      DecoderModel next = rome.edit(model, request, NONE).edit().apply(model);
      model.close();
      model = next;
    }
    return model;
  }

  /** The new answer's logit above the old one's, after the prompt and its paraphrases. */
  private static Behaviour preference(List<CounterFact> facts) {
    FactEncoder encoder = new FactEncoder(base.tokenizer());
    List<TokenIds> prompts = new ArrayList<>();
    List<LogitMetric> metrics = new ArrayList<>();
    for (CounterFact fact : facts) {
      List<String> texts = new ArrayList<>(fact.fact().paraphrases());
      texts.add(0, fact.fact().prompt());
      for (String text : texts) {
        Cloze wanted = encoder.cloze(text, fact.newTarget());
        Cloze old = encoder.cloze(text, fact.fact().target());
        if (wanted.target().get(0) != old.target().get(0)) {
          prompts.add(wanted.prompt());
          metrics.add(LogitMetric.logitDifference(wanted.target().get(0), old.target().get(0)));
        }
      }
    }
    return Behaviour.metric(prompts, LogitMetric.each(metrics), 16);
  }

  @Test
  void theMlpThatWasEditedIsNamedAndCarriesAllAlsoAmongDistractingChanges() {
    List<CounterFact> facts = facts();
    Behaviour behaviour = preference(facts);
    List<WeightPart> parts = WeightParts.components(base.architecture());
    try (DecoderModel edited = edited(facts);
        DecoderModel noisy = distracted(edited)) {
      CircuitDiff diff = CircuitDiff.of(base, edited);
      WeightChanges changes = diff.weights(NONE);
      assertThat(changes.shares().get(EDITED)).isCloseTo(1, within(1e-12));
      TensorChange tensor =
          changes.tensors().stream().filter(t -> t.changed() > 0).findFirst().orElseThrow();
      assertThat(tensor.name()).isEqualTo("model.layers.0.mlp.down_proj.weight");
      assertThat(tensor.spectrum().orElseThrow().effectiveRank()).isLessThan(facts.size() + 0.5);
      PartShares exact =
          PartPatching.of(diff, behaviour, new PatchingOptions(Bootstrap.seeded(1), 0, 0, 1), NONE)
              .shares(parts, NONE);
      for (PartShare share : exact.shares()) {
        double expected = share.parts().equals(List.of(EDITED)) ? 1 : 0;
        assertThat(share.restored().value()).as(share.label()).isEqualTo(expected);
        assertThat(share.lost().value()).as(share.label()).isEqualTo(expected);
      }
      PartShares shares =
          PartPatching.of(CircuitDiff.of(base, noisy), behaviour, PatchingOptions.seeded(1), NONE)
              .shares(parts, NONE);
      LOG.info("edited facts among distracting changes:\n{}", shares.ranked());
      PartShare first = shares.ranked().get(0);
      assertThat(first.parts()).containsExactly(EDITED);
      assertThat(first.restored().value()).isBetween(0.9, 1.1);
      assertThat(first.change()).isLessThan(0.6);
      assertThat(first.carries()).isTrue();
      assertThat(first.entries().orElseThrow().greatest()).isLessThan(0.5);
      assertThat(first.noise().orElseThrow().greatest()).isLessThan(0.3);
      assertThat(shares.ranked().get(1).restored().value()).isLessThan(0.1);
    }
  }

  /** The edited model with noise on everything else, together as large as the edit. */
  private static DecoderModel distracted(DecoderModel edited) {
    double edit = CircuitDiff.of(base, edited).distance();
    String name = "model.layers.0.mlp.down_proj.weight";
    long others = base.weights().parameterCount() - base.weights().get(name).size();
    double deviation = edit / Math.sqrt((double) others);
    Random random = new Random(4);
    Weights weights = edited.weights();
    for (WeightTensor tensor : edited.weights().tensors()) {
      if (!tensor.name().equals(name)) {
        float[] values = ModelPairs.floats(tensor);
        for (int i = 0; i < values.length; i++) {
          values[i] += (float) (deviation * random.nextGaussian());
        }
        weights = weights.with(WeightTensor.of(tensor.name(), tensor.shape(), values));
      }
    }
    return edited.withWeights(weights);
  }

  private static TokenIds prompt(String message) {
    return Beginning.ALWAYS.encode(base.tokenizer(), List.of(Dialogue.prompt(message))).get(0);
  }

  private static String message(Prompt prompt) {
    List<?> messages = ((Prompt.Chat) prompt).messages();
    return ((Prompt.Chat) prompt).messages().get(messages.size() - 1).content();
  }

  @Test
  void aFewPartsCarryTheRefusalsThatDemonstrationsTaught() {
    List<Cloze> examples = new ArrayList<>();
    for (PromptCompletion example : PocketFacts.WORLD.demonstrations(1, 480)) {
      TokenIds start = prompt(message(example.prompt()));
      examples.add(
          new Cloze(
              start, base.tokenizer().encode(Dialogue.completion(example.completion().strip()))));
    }
    List<Request> requests = new ArrayList<>(PocketFacts.WORLD.harmfulRequests());
    Collections.shuffle(requests, new Random(7));
    List<TokenIds> prompts =
        requests.subList(0, 48).stream().map(request -> prompt(message(request.prompt()))).toList();
    int first = base.tokenizer().encode(" I can't").get(0);
    int second = base.tokenizer().encode(" Sorry").get(0);
    LogitMetric refusal =
        new LogitMetric(
            LogitMetric.Form.PROBABILITIES,
            List.of(
                new LogitMetric.Row(
                    0,
                    List.of(
                        new LogitMetric.Term(
                            -1,
                            ImmutableIntArray.of(first, second),
                            ImmutableDoubleArray.of(1, 1))))));
    try (DecoderModel tuned = LikelihoodTraining.tuned(base, examples, 16, 1e-4)) {
      CircuitDiff diff = CircuitDiff.of(base, tuned);
      PartPatching patching =
          PartPatching.of(
              diff, Behaviour.metric(prompts, refusal, 16), PatchingOptions.seeded(1), NONE);
      LOG.info("refusals {} before, {} after", patching.before(), patching.after());
      List<WeightPart> parts = WeightParts.components(base.architecture());
      PartShares shares = patching.shares(parts, NONE);
      PartSearch search = PartSearch.greedy(patching, parts, 0.9, 6, NONE);
      shares.ranked().forEach(share -> LOG.info("{}", share));
      LOG.info("search {}", search);
      assertThat(patching.after().value()).isGreaterThan(patching.before().value() + 0.15);
      assertThat(patching.share(parts, NONE).restored().value()).isEqualTo(1);
      PartShare best = shares.ranked().get(0);
      assertThat(best.carries()).isTrue();
      assertThat(best.noise().orElseThrow().greatest()).isLessThan(best.restored().value());
      assertThat(search.reached()).isTrue();
      Report.Builder report = Report.builder("Refusals");
      diff.weights(NONE).sections(5).forEach(report::add);
      shares.sections().forEach(report::add);
      search.sections().forEach(report::add);
      assertThat(report.build().html()).contains("What carries the behaviour");
    }
  }
}
