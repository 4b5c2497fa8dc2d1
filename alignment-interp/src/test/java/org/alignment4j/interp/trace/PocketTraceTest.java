package org.alignment4j.interp.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.report.Report;
import org.alignment4j.interp.fact.Fact;
import org.alignment4j.interp.fact.FactEncoder;
import org.alignment4j.interp.fact.FactPrompt;
import org.alignment4j.interp.fact.PocketFacts;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the pocket model keeps its facts. */
@Tag("slow")
class PocketTraceTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketTraceTest.class);
  private static final int FACTS = 5;

  @Test
  void factsAreAtTheSubjectInTheFirstLayerAndAtTheLastTokenFromTheSecondOn(@TempDir Path folder) {
    try (DecoderModel model = DecoderModel.load(PocketModel.copyTo(folder))) {
      FactEncoder encoder = new FactEncoder(model.tokenizer());
      List<FactPrompt> prompts = new ArrayList<>();
      for (Relation relation : List.of(Relation.HOME, Relation.PET)) {
        List<Fact> facts = new ArrayList<>(PocketFacts.of(relation));
        Collections.shuffle(facts, new Random(3));
        facts.subList(0, FACTS).forEach(fact -> prompts.add(encoder.encode(fact)));
      }
      SubjectNoise noise =
          SubjectNoise.of(
              model, prompts.stream().map(FactPrompt::prompt).toList(), CancellationToken.none());
      AverageEffects residual = averages(model, prompts, noise, TracedState.RESIDUAL);
      AverageEffects attention = averages(model, prompts, noise, TracedState.ATTENTION);
      LOG.info("average total effect {}", residual.totalEffect());
      assertThat(residual.totalEffect().value()).isGreaterThan(0.8);
      assertThat(value(residual, TokenRole.LAST_SUBJECT, 0)).isGreaterThan(0.1);
      assertThat(value(residual, TokenRole.LAST_SUBJECT, 1)).isLessThan(0.05);
      assertThat(value(residual, TokenRole.FIRST_AFTER, 0)).isLessThan(0.05);
      assertThat(value(residual, TokenRole.LAST, 0)).isLessThan(0.05);
      assertThat(value(residual, TokenRole.LAST, 1)).isGreaterThan(0.7);
      assertThat(value(attention, TokenRole.LAST, 1)).isGreaterThan(0.7);
      assertThat(value(attention, TokenRole.LAST, 2)).isLessThan(0.1);
      CausalTrace one =
          new CausalTracing(noise, TracedState.RESIDUAL, 1)
              .trace(model, prompts.get(0), new Random(1), CancellationToken.none());
      String html =
          Report.builder("Causal tracing")
              .add(one.section("One fact", model.tokenizer()))
              .add(residual.section("All facts"))
              .build()
              .html();
      assertThat(html).contains("Indirect effect of restoring RESIDUAL", "last subject");
    }
  }

  private static AverageEffects averages(
      DecoderModel model, List<FactPrompt> prompts, SubjectNoise noise, TracedState state) {
    List<CausalTrace> traces = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      traces.add(
          new CausalTracing(noise, state, 1)
              .trace(model, prompts.get(i), new Random(i), CancellationToken.none()));
    }
    return AverageEffects.of(traces);
  }

  private static double value(AverageEffects effects, TokenRole role, int layer) {
    return effects.indirectEffects().get(role).get(layer).value();
  }
}
