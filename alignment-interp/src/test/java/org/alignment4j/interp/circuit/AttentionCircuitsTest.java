package org.alignment4j.interp.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.interp.weights.Affine;
import org.alignment4j.interp.weights.AttentionWeights;
import org.alignment4j.interp.weights.Families;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.MlpWeights;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.interp.weights.ViewForward;
import org.alignment4j.interp.weights.WeightProcessing;
import org.junit.jupiter.api.Test;

class AttentionCircuitsTest {

  private static TransformerWeights folded(String family) {
    return WeightProcessing.standard().apply(Families.view(family)).weights();
  }

  @Test
  void scoresAreTheBilinearFormOfTheCircuit() {
    TransformerWeights weights = folded("gpt2");
    AttentionCircuits circuits = new AttentionCircuits(weights);
    int[] tokens = Families.tokens(5, 2).toArray();
    ViewForward naive = new ViewForward(weights);
    naive.logits(tokens);
    double[] stream = naive.hooks.get("blocks.1.hook_resid_pre");
    double[] pattern = naive.hooks.get("blocks.1.attn.hook_pattern");
    int n = tokens.length;
    for (int head = 0; head < circuits.heads(); head++) {
      Matrix qk = circuits.qkWithBiases(1, head).product();
      for (int q = 0; q < n; q++) {
        double[] scores = new double[q + 1];
        double sum = 0;
        for (int k = 0; k <= q; k++) {
          Matrix query = augmented(weights, stream, q);
          Matrix key = augmented(weights, stream, k);
          double score = query.times(qk).timesTransposed(key).get(0, 0);
          scores[k] = Math.exp(score * weights.config().attentionScale());
          sum += scores[k];
        }
        for (int k = 0; k <= q; k++) {
          assertThat(pattern[(head * n + q) * n + k]).isCloseTo(scores[k] / sum, within(1e-9));
        }
      }
    }
  }

  private static Matrix augmented(TransformerWeights weights, double[] stream, int position) {
    int d = weights.width();
    double[] x = java.util.Arrays.copyOfRange(stream, position * d, (position + 1) * d);
    double[] read = weights.layer(1).ln1().apply(x);
    return Matrix.generate(1, d + 1, (i, j) -> j < d ? read[j] : 1);
  }

  @Test
  void outputsAreThePatternTimesTheCircuit() {
    TransformerWeights weights = folded("llama");
    AttentionCircuits circuits = new AttentionCircuits(weights);
    int[] tokens = Families.tokens(5, 2).toArray();
    ViewForward naive = new ViewForward(weights);
    naive.logits(tokens);
    int n = tokens.length;
    int d = weights.width();
    int heads = circuits.heads();
    double[] stream = naive.hooks.get("blocks.1.hook_resid_pre");
    double[] pattern = naive.hooks.get("blocks.1.attn.hook_pattern");
    double[] results = naive.hooks.get("blocks.1.attn.hook_result");
    for (int head = 0; head < heads; head++) {
      Matrix moved = Matrix.zeros(1, d);
      for (int k = 0; k < n; k++) {
        double[] x = java.util.Arrays.copyOfRange(stream, k * d, (k + 1) * d);
        Matrix read = Matrix.row(weights.layer(1).ln1().apply(x));
        double share = pattern[(head * n + n - 1) * n + k];
        moved = moved.plus(read.times(circuits.ov(1, head).product()).scaled(share));
      }
      int from = ((n - 1) * heads + head) * d;
      assertThat(moved.toArray())
          .containsExactly(java.util.Arrays.copyOfRange(results, from, from + d), within(1e-9));
    }
  }

  @Test
  void circuitsBetweenTokensEmbedAndUnembed() {
    TransformerWeights weights = folded("qwen2");
    AttentionCircuits circuits = new AttentionCircuits(weights);
    AttentionWeights attention = weights.layer(0).attention();
    Affine value = attention.value().get(1);
    Matrix expected =
        weights
            .embedding()
            .times(value.weight())
            .times(attention.output().get(3))
            .times(weights.unembedding().weight());
    assertThat(circuits.fullOv(0, 3).product().toArray())
        .containsExactly(expected.toArray(), within(1e-9));
    Matrix qk =
        weights
            .embedding()
            .times(attention.query().get(2).weight())
            .timesTransposed(weights.embedding().times(attention.key().get(1).weight()));
    assertThat(circuits.fullQk(0, 2).product().toArray())
        .containsExactly(qk.toArray(), within(1e-9));
    assertThat(circuits.fullOv(0, 0).inner()).isEqualTo(weights.config().headDim());
  }

  @Test
  void whatCircuitsLeaveOutIsNamed() {
    Map<String, Set<Approximation>> scores =
        Map.of(
            "gpt2", Set.of(),
            "llama", Set.of(Approximation.ROTARY_IGNORED),
            "qwen3", Set.of(Approximation.ROTARY_IGNORED, Approximation.HEAD_NORM_IGNORED),
            "olmo2", Set.of(Approximation.ROTARY_IGNORED, Approximation.HEAD_NORM_IGNORED),
            "gemma2", Set.of(Approximation.ROTARY_IGNORED, Approximation.SCORE_CAP_IGNORED),
            "bloom", Set.of(Approximation.LINEAR_BIASES_IGNORED),
            "opt, norms after", Set.of(Approximation.STREAM_NORM_IGNORED));
    scores.forEach(
        (family, expected) ->
            assertThat(new AttentionCircuits(folded(family)).scoreApproximations())
                .as(family)
                .isEqualTo(expected));
    assertThat(new AttentionCircuits(folded("gemma2")).outputApproximations())
        .containsExactly(Approximation.OUTPUT_NORM_IGNORED);
    assertThat(new AttentionCircuits(folded("llama")).outputApproximations()).isEmpty();
    assertThat(new AttentionCircuits(Families.view("gpt2")).outputApproximations())
        .containsExactly(Approximation.NORMS_NOT_FOLDED);
    assertThat(Approximation.ROTARY_IGNORED.label()).isEqualTo("rotary ignored");
  }

  @Test
  void tablesHoldEveryPairOfHeads() {
    AttentionCircuits circuits = new AttentionCircuits(folded("gpt2"));
    for (CompositionKind kind : CompositionKind.values()) {
      CompositionTable table = CompositionTable.of(circuits, kind, CancellationToken.none());
      assertThat(table.pairs()).hasSize(9);
      Matrix ov = circuits.ov(0, 2).product();
      Matrix reader =
          switch (kind) {
            case QUERY -> circuits.qk(1, 1).product();
            case KEY -> circuits.qk(1, 1).product().transposed();
            case VALUE -> circuits.ov(1, 1).product();
          };
      assertThat(table.score(0, 2, 1, 1))
          .as(kind.name())
          .isCloseTo(ov.times(reader).norm() / (ov.norm() * reader.norm()), within(1e-9));
      assertThat(table.approximations()).isEmpty();
    }
    assertThatThrownBy(() -> CompositionTable.of(circuits, CompositionKind.KEY, () -> true))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void headsAndLayersOutsideAreRefused() {
    AttentionCircuits circuits = new AttentionCircuits(folded("gpt2"));
    assertThatThrownBy(() -> circuits.ov(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("head must be in [0, 2] but was 3");
    assertThatThrownBy(() -> circuits.qk(2, 0)).hasMessage("layer must be in [0, 1] but was 2");
  }

  @Test
  void singularDirectionsAreReadInTheVocabulary() {
    TransformerWeights weights = folded("llama");
    SvdInterpreter interpreter = new SvdInterpreter(weights);
    MlpWeights.Gated mlp = (MlpWeights.Gated) weights.layer(1).mlp();
    int d = weights.width();
    check(weights, interpreter.mlpOut(1, 100), mlp.out().weight(), d);
    check(weights, interpreter.mlpIn(1, 100), mlp.in().weight().transposed(), d);
    check(weights, interpreter.mlpGate(1, 100), mlp.gate().weight().transposed(), d);
    Matrix ov = new AttentionCircuits(weights).ov(0, 1).product();
    check(weights, interpreter.ov(0, 1, 100), ov, weights.config().headDim());
    assertThat(interpreter.ov(0, 1, 2)).hasSize(2).isEqualTo(interpreter.ov(0, 1, 5).subList(0, 2));
  }

  /** Directions {@code v} with {@code M·v} as long as their singular values, of fixed signs. */
  private static void check(
      TransformerWeights weights, List<SingularDirection> directions, Matrix m, int count) {
    assertThat(directions).hasSize(count);
    for (SingularDirection direction : directions) {
      Matrix v = direction.direction();
      assertThat(v.norm()).isCloseTo(1, within(1e-9));
      assertThat(v.timesTransposed(m).norm()).isCloseTo(direction.singularValue(), within(1e-9));
      double greatest = 0;
      double[] logits = direction.logits().toArray();
      for (double x : v.toArray()) {
        greatest = Math.abs(x) > Math.abs(greatest) ? x : greatest;
      }
      assertThat(greatest).isPositive();
      double best = Double.NEGATIVE_INFINITY;
      for (int token = 0; token < logits.length; token++) {
        double dot = 0;
        for (int i = 0; i < v.columns(); i++) {
          dot += v.get(0, i) * weights.unembedding().weight().get(i, token);
        }
        assertThat(logits[token]).isCloseTo(dot, within(1e-9));
        best = Math.max(best, dot);
      }
      assertThat(direction.top(3).get(0).score()).isCloseTo(best, within(1e-9));
      assertThat(direction.bottom(1).get(0).score())
          .isEqualTo(java.util.Arrays.stream(logits).min().orElseThrow());
    }
  }

  @Test
  void interpretersRefuseWhatIsNotThere() {
    SvdInterpreter experts = new SvdInterpreter(folded("mixtral"));
    assertThatThrownBy(() -> experts.mlpIn(0, 3)).hasMessageContaining("has several");
    assertThatThrownBy(() -> experts.mlpOut(0, 3)).hasMessageContaining("has several");
    SvdInterpreter plain = new SvdInterpreter(folded("gpt2"));
    assertThatThrownBy(() -> plain.mlpGate(1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layer 1 has not");
    assertThatThrownBy(() -> plain.mlpIn(1, 0)).hasMessage("count must be positive but was 0");
    assertThat(plain.mlpIn(1, 3)).hasSize(3);
  }
}
