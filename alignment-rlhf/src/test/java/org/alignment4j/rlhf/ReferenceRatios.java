package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.GivenReferences.Kind;
import org.alignment4j.runtime.DecoderModel;

/**
 * For tests: what a first update must report of a policy and its reference, by formulas in float64
 * over the log-probabilities of both, read one answer at a time.
 */
record ReferenceRatios(DecoderModel policy, DecoderModel reference) {

  Map<String, Double> expected(Kind kind, List<Rollout> sampled) {
    return switch (kind.name()) {
      case "dpo" -> dpo();
      case "apo", "kto" -> unpaired(kind.name().equals("apo"));
      case "plackett-luce" -> plackettLuce();
      case "a-lol" -> alol();
      case "online dpo" -> online(sampled);
      default -> Map.of("kl", divergence(sampled));
    };
  }

  private Map<String, Double> dpo() {
    double loss = 0;
    double margin = 0;
    for (Prompt p : GivenReferences.PROMPTS) {
      double d =
          GivenReferences.BETA * (of(p, " a big red ball.") - of(p, " nothing and went home."));
      loss += Math.log1p(Math.exp(-d)) / 6;
      margin += d / 6;
    }
    return Map.of("loss", loss, "rewards/margins", margin);
  }

  private Map<String, Double> unpaired(boolean apo) {
    double loss = 0;
    double good = 0;
    double bad = 0;
    for (Prompt p : GivenReferences.PROMPTS) {
      double up = GivenReferences.BETA * of(p, " a big red ball.");
      double down = GivenReferences.BETA * of(p, " nothing.");
      loss += (1 / (1 + Math.exp(up)) + 1 / (1 + Math.exp(-down))) / 12;
      good += up / 6;
      bad += down / 6;
    }
    Map<String, Double> expected = new LinkedHashMap<>();
    expected.put("rewards/chosen", good);
    expected.put("rewards/rejected", bad);
    if (apo) {
      expected.put("loss", loss);
    }
    return expected;
  }

  private Map<String, Double> plackettLuce() {
    double loss = 0;
    for (Prompt p : GivenReferences.PROMPTS) {
      double a = Math.exp(GivenReferences.BETA * of(p, " a big red ball."));
      double b = Math.exp(GivenReferences.BETA * of(p, " a cat."));
      double c = Math.exp(GivenReferences.BETA * of(p, " nothing."));
      loss -= (Math.log(a / (a + b + c)) + Math.log(b / (b + c))) / 6;
    }
    return Map.of("loss", loss);
  }

  private Map<String, Double> alol() {
    double loss = 0;
    double perToken = 0;
    for (Prompt p : GivenReferences.PROMPTS) {
      double mean = of(p, " a big red ball.") / tokens(p, " a big red ball.").size();
      loss += (-0.5 * logProb(policy, p, " a big red ball.") + GivenReferences.BETA * mean) / 6;
      perToken += mean / 6;
    }
    return Map.of("loss", loss, "kl_per_token", perToken);
  }

  private double divergence(List<Rollout> sampled) {
    return sampled.stream().mapToDouble(this::of).average().orElseThrow();
  }

  /** The better of two answers to each prompt, those alike left out. */
  private Map<String, Double> online(List<Rollout> sampled) {
    double loss = 0;
    int pairs = 0;
    for (Prompt prompt : GivenReferences.PROMPTS) {
      List<Rollout> two = sampled.stream().filter(r -> r.question().equals(prompt)).toList();
      assertThat(two).hasSize(2);
      double difference = GivenReferences.worth(two.get(0)) - GivenReferences.worth(two.get(1));
      if (difference != 0) {
        double d =
            GivenReferences.BETA * Math.signum(difference) * (of(two.get(0)) - of(two.get(1)));
        loss += Math.log1p(Math.exp(-d));
        pairs++;
      }
    }
    assertThat(pairs).isPositive();
    return Map.of("loss", loss / pairs, "objective/kl", divergence(sampled));
  }

  double of(Prompt prompt, String answer) {
    return logProb(policy, prompt, answer) - logProb(reference, prompt, answer);
  }

  private double of(Rollout r) {
    return score(policy, r.promptTokens(), r.tokens())
        - score(reference, r.promptTokens(), r.tokens());
  }

  private TokenIds tokens(Prompt prompt, String answer) {
    var both = Encoders.of(policy).encode(((Prompt.Text) prompt).text(), answer);
    return both.ids().slice(both.completionStart(), both.ids().size());
  }

  private double logProb(DecoderModel model, Prompt prompt, String answer) {
    return score(
        model, policy.tokenizer().encode(((Prompt.Text) prompt).text()), tokens(prompt, answer));
  }

  private static double score(DecoderModel model, TokenIds prompt, TokenIds answer) {
    return model
        .logProbabilities(
            List.of(Continuation.of(Prompt.tokens(prompt), answer)), CancellationToken.none())
        .get(0)
        .sum();
  }
}
