package org.alignment4j.eval.judged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.alignment4j.core.statistics.BradleyTerry;
import org.alignment4j.core.statistics.Comparison.Outcome;
import org.alignment4j.core.statistics.RatingScale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StyleControlTest {
  private static final String[] MODELS = {"plain", "long", "third"};
  private static final double[] STRENGTHS = {0.6, 0, -0.6};

  @TempDir Path folder;

  /** Judges like long answers; the model named long writes them. */
  private static List<Battle> battles(int n, double liking, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Battle> battles = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int a = random.nextInt(3);
      int b = (a + 1 + random.nextInt(2)) % 3;
      double tokensA = (a == 1 ? 300 : 100) * random.nextDouble(0.3, 2);
      double tokensB = (b == 1 ? 300 : 100) * random.nextDouble(0.3, 2);
      double style = (tokensA - tokensB) / (tokensA + tokensB + 1);
      double z = STRENGTHS[a] - STRENGTHS[b] + liking * style;
      boolean won = random.nextDouble() < 1 / (1 + Math.exp(-z));
      Outcome outcome =
          random.nextInt(10) == 0 ? Outcome.TIE : won ? Outcome.FIRST : Outcome.SECOND;
      battles.add(
          new Battle(
              MODELS[a],
              MODELS[b],
              outcome,
              Optional.of(new StyleCounts(tokensA, 0, random.nextInt(5), random.nextInt(3))),
              Optional.of(new StyleCounts(tokensB, 0, random.nextInt(5), random.nextInt(3)))));
    }
    return battles;
  }

  @Test
  void whatLengthWonIsNotTheModels() {
    List<Battle> battles = battles(6000, 3, 1);
    Map<String, Double> raw =
        BradleyTerry.standard().fit(battles.stream().map(Battle::comparison).toList());
    assertThat(raw.get("long")).isGreaterThan(raw.get("plain"));
    StyleControl.Fit fit = StyleControl.fit(battles, RatingScale.STANDARD);
    assertThat(fit.ratings().keySet()).containsExactly("plain", "long", "third");
    double perPoint = Math.log(10) / 400;
    // A tenth of ties pulls all by about as much.
    assertThat((fit.ratings().get("plain") - fit.ratings().get("third")) * perPoint)
        .isCloseTo(1.2 * 0.9, within(0.2));
    assertThat(fit.coefficients().keySet()).containsExactly("tokens", "lists", "bold");
    assertThat(fit.coefficients().get("tokens").ciLow()).isGreaterThan(0.5);
    assertThat(fit.coefficients().get("lists").contains(0)).isTrue();
    assertThat(fit.coefficients().get("bold").contains(0)).isTrue();
  }

  /** The gradient by central differences of the log-likelihood, computed from its definition. */
  @Test
  void theOptimumIsOne() {
    List<Battle> battles = battles(300, 1, 4);
    StyleControl.Fit fit = StyleControl.fit(battles, RatingScale.STANDARD);
    double[] w = new double[6];
    for (int m = 0; m < 3; m++) {
      w[m] = (fit.ratings().get(MODELS[m]) - 1000) * Math.log(10) / 400;
    }
    List<String> names = List.of("tokens", "lists", "bold");
    for (int f = 0; f < 3; f++) {
      w[3 + f] = fit.coefficients().get(names.get(f)).value();
    }
    for (int j = 0; j < 6; j++) {
      double[] up = w.clone();
      double[] down = w.clone();
      up[j] += 1e-5;
      down[j] -= 1e-5;
      assertThat((likelihood(battles, up) - likelihood(battles, down)) / 2e-5)
          .isCloseTo(0, within(1e-4));
    }
  }

  private static double likelihood(List<Battle> battles, double[] w) {
    int n = battles.size();
    double[][] style = new double[n][];
    double[] mean = new double[3];
    double[] square = new double[3];
    for (int i = 0; i < n; i++) {
      StyleCounts a = battles.get(i).styleA().orElseThrow();
      StyleCounts b = battles.get(i).styleB().orElseThrow();
      style[i] =
          new double[] {
            (a.tokens() - b.tokens()) / (a.tokens() + b.tokens() + 1),
            (a.lists() - b.lists()) / (a.lists() + b.lists() + 1),
            (a.bold() - b.bold()) / (a.bold() + b.bold() + 1)
          };
      for (int f = 0; f < 3; f++) {
        mean[f] += style[i][f] / n;
        square[f] += style[i][f] * style[i][f] / n;
      }
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      Battle battle = battles.get(i);
      double z =
          w[List.of(MODELS).indexOf(battle.modelA())] - w[List.of(MODELS).indexOf(battle.modelB())];
      for (int f = 0; f < 3; f++) {
        z += w[3 + f] * (style[i][f] - mean[f]) / Math.sqrt(square[f] - mean[f] * mean[f]);
      }
      double t = battle.winner() == Outcome.TIE ? 0.5 : battle.winner() == Outcome.FIRST ? 1 : 0;
      sum += t * Math.log(1 / (1 + Math.exp(-z))) + (1 - t) * Math.log(1 / (1 + Math.exp(z)));
    }
    return sum;
  }

  @Test
  void whatCannotBeToldApartIsRefused() {
    assertThatThrownBy(
            () ->
                StyleControl.fit(
                    List.of(
                        Battle.of("a", "b", Outcome.FIRST), Battle.of("a", "b", Outcome.SECOND)),
                    RatingScale.STANDARD))
        .hasMessageContaining("needs the style of both answers but battle 0 lacks one");
    List<Battle> same = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      // Twice the tokens always go with twice the lists.
      double t = 1 + i % 3;
      same.add(
          new Battle(
              "a",
              "b",
              i % 2 == 0 ? Outcome.FIRST : Outcome.SECOND,
              Optional.of(new StyleCounts(t, 0, t, 0)),
              Optional.of(new StyleCounts(1, 0, 1, 0))));
    }
    assertThatThrownBy(() -> StyleControl.fit(same, RatingScale.STANDARD))
        .hasMessageContaining("coefficients must be told apart by the battles");
  }

  @Test
  void theStyleOfATextIsCounted() {
    assertThat(
            StyleCounts.of(
                """
                # Title
                Some **bold** and __more__ words.
                - one
                * two
                3. three
                ## Sub
                """))
        .isEqualTo(new StyleCounts(15, 2, 3, 2));
  }

  @Test
  void arenaMetadataIsRead() throws IOException {
    String side =
        "\"sum_assistant_%s_tokens\":%d,\"header_count_%s\":{\"h1\":1,\"h2\":%d},"
            + "\"list_count_%s\":{\"ordered\":2,\"unordered\":0},\"bold_count_%s\":{\"**\":4,\"__\":1}";
    String a = String.format(Locale.ROOT, side, "a", 30, "a", 2, "a", "a");
    String b = String.format(Locale.ROOT, side, "b", 40, "b", 0, "b", "b");
    Path path =
        Files.writeString(
            folder.resolve("b.jsonl"),
            "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie (bothbad)\",\"conv_metadata\":{"
                + a
                + ","
                + b
                + "}}\n",
            UTF_8);
    Battle battle = Battle.read(path).get(0);
    assertThat(battle.winner()).isEqualTo(Outcome.TIE);
    assertThat(battle.styleA()).contains(new StyleCounts(30, 3, 2, 5));
    assertThat(battle.styleB()).contains(new StyleCounts(40, 1, 2, 5));
  }
}
