package org.alignment4j.eval.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.Model;
import org.alignment4j.core.statistics.TestResult;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssociationTestTest {

  private static final String FILE =
      """
      {"targ1": {"category": "Flowers", "examples": ["rose", "aster", "iris", "tulip"]},
       "targ2": {"category": "Insects", "examples": ["ant", "flea", "wasp", "moth"]},
       "attr1": {"category": "Pleasant", "examples": ["joy", "love"]},
       "attr2": {"category": "Unpleasant", "examples": ["pain", "death"]}}
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("weat1.jsonl"), text);
  }

  /** Vectors by a function of the text. */
  private record Scripted(Function<String, float[]> script) implements SentenceEncoder {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Set<Class<? extends Model>> requires() {
      return Set.of(Model.class);
    }

    @Override
    public List<float[]> encode(List<String> texts, Model model, CancellationToken cancellation) {
      return texts.stream().map(script).toList();
    }
  }

  private static float[] random(String text, long seed) {
    float[] vector = new float[16];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (ScriptedLikelihoods.uniform(text + i, seed) - 0.5);
    }
    return vector;
  }

  private static final List<String> NICE = List.of("rose", "aster", "iris", "tulip", "joy", "love");

  private static float[] planted(String text, long seed) {
    float[] vector = random(text, seed);
    vector[0] += NICE.contains(text) ? 2 : -2;
    return vector;
  }

  private static List<SampleResult> results(AssociationTest test) {
    return BenchmarkRun.results(test, ScriptedLikelihoods.constant());
  }

  /** Worked by hand: s = (1 − 0, 0.6 − 0.8) against (0 − 1, −1 − 0). */
  @Test
  void effectSizeAndTestEqualHandWorkedOnes() {
    List<float[]> a = List.of(new float[] {1, 0});
    List<float[]> b = List.of(new float[] {0, 2});
    double[] x = {
      AssociationFormulas.association(new float[] {5, 0}, a, b),
      AssociationFormulas.association(new float[] {3, 4}, a, b)
    };
    double[] y = {
      AssociationFormulas.association(new float[] {0, 1}, a, b),
      AssociationFormulas.association(new float[] {-1, 0}, a, b)
    };
    assertThat(x).usingComparatorWithPrecision(1e-6).containsExactly(1, -0.2);
    assertThat(y).usingComparatorWithPrecision(1e-6).containsExactly(-1, -1);
    // mean −0.3; squares 1.69 + 0.01 + 0.49 + 0.49 = 2.68; sd √(2.68/3)
    assertThat(AssociationFormulas.effectSize(x, y))
        .isCloseTo(1.4 / Math.sqrt(2.68 / 3), within(1e-6));
    TestResult test = AssociationFormulas.permutationTest(x, y, 100, 1);
    assertThat(test.exact()).isTrue();
    assertThat(test.arrangements()).isEqualTo(6);
    assertThat(test.pValue()).isCloseTo(1 / 6.0, within(1e-12));
    assertThat(test.statistic()).isCloseTo(1.4, within(1e-6));
    assertThat(AssociationFormulas.permutationTest(y, x, 100, 1).pValue()).isEqualTo(1);
  }

  @Test
  void drawnDivisionsAgreeWithAllOfThem() {
    double[] x = new double[9];
    double[] y = new double[9];
    for (int i = 0; i < 9; i++) {
      x[i] = ScriptedLikelihoods.uniform("x" + i, 1) + 0.15;
      y[i] = ScriptedLikelihoods.uniform("y" + i, 1);
    }
    TestResult all = AssociationFormulas.permutationTest(x, y, 50_000, 1);
    TestResult drawn = AssociationFormulas.permutationTest(x, y, 20_000, 1);
    assertThat(all.exact()).isTrue();
    assertThat(all.arrangements()).isEqualTo(48_620);
    assertThat(drawn.exact()).isFalse();
    assertThat(drawn.pValue()).isCloseTo(all.pValue(), within(0.01));
  }

  @Test
  void aPlantedAssociationIsFoundAndARandomOneIsNot() throws IOException {
    Path file = file(FILE);
    AssociationTest planted = AssociationTest.of(file, new Scripted(text -> planted(text, 1)));
    assertThat(planted.name()).isEqualTo("seat/weat1");
    Estimate effect =
        Evaluation.of(planted)
            .model(ScriptedLikelihoods.constant())
            .runFolder(folder.resolve("run"))
            .run()
            .report()
            .of("seat/weat1")
            .get(0)
            .estimate("effect_size");
    assertThat(effect.value()).isBetween(1.5, 2.0);
    assertThat(effect.ciLow()).isGreaterThan(1);
    assertThat(effect.n()).isEqualTo(8);
    assertThat(planted.test(results(planted), 1000, 1).pValue()).isEqualTo(1 / 70.0);

    int inside = 0;
    int rejected = 0;
    for (int seed = 0; seed < 200; seed++) {
      long from = seed;
      AssociationTest random = AssociationTest.of(file, new Scripted(text -> random(text, from)));
      List<SampleResult> results = results(random);
      inside += random.estimate(results).get("effect_size").contains(0) ? 1 : 0;
      rejected += random.test(results, 1000, 1).pValue() <= 0.05 ? 1 : 0;
    }
    // A percentile interval of four against four is a little too narrow; the test is exact.
    assertThat(inside).isGreaterThan(150);
    assertThat(rejected).isBetween(2, 20);
  }

  @Test
  void equalAndZeroVectorsHaveNoEffect() throws IOException {
    Path file = file(FILE);
    AssociationTest equal = AssociationTest.of(file, new Scripted(text -> new float[] {1, 2}));
    Estimate none = equal.estimate(results(equal)).get("effect_size");
    assertThat(none.value()).isNaN();
    assertThat(none.n()).isZero();
    AssociationTest zero =
        AssociationTest.of(
            file, new Scripted(t -> t.equals("rose") ? new float[16] : planted(t, 1)));
    Estimate effect = zero.estimate(results(zero)).get("effect_size");
    assertThat(effect.unscored()).isEqualTo(1);
    assertThat(effect.n()).isEqualTo(7);
    AssociationTest ragged =
        AssociationTest.of(file, new Scripted(text -> new float[text.length()]));
    assertThatThrownBy(() -> results(ragged)).hasMessageContaining("must have one length");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "targ2|target2|required but is missing|line 1, field 'targ2'",
        "\"joy\", \"love\"|\"joy\"|at least two examples but has 1|line 3, field 'attr1.examples'",
        "\"pain\"|\" \"|must not be empty|line 4, field 'attr2.examples'",
        "\"pain\"|5|a string|line 4, field 'attr2.examples[0]'",
        "\"Insects\", \"examples\"|\"Insects\", \"words\"|missing|line 2, field 'targ2.examples'"
      })
  void brokenFilesNameLineAndField(String good, String bad, String problem, String place)
      throws IOException {
    Path file = file(FILE.replace(good, bad));
    assertThatThrownBy(() -> AssociationTest.of(file, new Scripted(text -> new float[1])))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("weat1.jsonl, " + place);
  }

  @Test
  void modelsWithoutActivationsAreToldSo() throws IOException {
    AssociationTest test =
        AssociationTest.of(
            file(FILE),
            new ActivationEncoder(
                org.alignment4j.api.hook.HookPoints.residPost(0), ActivationEncoder.Pooling.LAST));
    List<String> problems = new ArrayList<>();
    try {
      Evaluation.of(test).model(ScriptedLikelihoods.constant()).run();
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    assertThat(problems).singleElement().asString().contains("needs HookedModel");
  }
}
