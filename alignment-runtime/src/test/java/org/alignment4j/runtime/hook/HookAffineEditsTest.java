package org.alignment4j.runtime.hook;

import static org.alignment4j.api.hook.Edits.affine;
import static org.alignment4j.api.hook.Edits.lowRank;
import static org.alignment4j.api.hook.Edits.projectOut;
import static org.alignment4j.api.hook.HookPoints.embed;
import static org.alignment4j.api.hook.HookPoints.pattern;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.alignment4j.runtime.hook.HookedFixture.everywhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits that multiply by matrices: what they give, their gradients, and what is refused. */
class HookAffineEditsTest {

  private static Values random(long seed, double size, int... shape) {
    Random random = new Random(seed);
    int count = 1;
    for (int length : shape) {
      count *= length;
    }
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[i] = (float) (size * random.nextGaussian());
    }
    return Values.of(shape, data);
  }

  private static Values kept(HookedFixture model, HookPoint<?> point, Intervention<?>... edits) {
    return model
        .run(HookedFixture.PROMPT, HookedFixture.SHORT)
        .with(edits)
        .cache(point)
        .execute()
        .cache()
        .values(point);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny"})
  void vectorsAreMultipliedAndMoved(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      Values weight = random(1, 0.2, 64, 64);
      Values offset = random(2, 1, 64);
      Values plain = kept(model, residPost(0));
      Values changed = kept(model, residPost(0), affine(residPost(0), weight, offset, pos(1, -1)));
      for (int row = 0; row < 2; row++) {
        int length = row == 0 ? HookedFixture.PROMPT.size() : HookedFixture.SHORT.size();
        for (int p = 0; p < length; p++) {
          for (int j = 0; j < 64; j++) {
            double expected = plain.get(row, p, j);
            if (p == 1 || p == length - 1) {
              expected = offset.get(j);
              for (int i = 0; i < 64; i++) {
                expected += (double) plain.get(row, p, i) * weight.get(i, j);
              }
            }
            assertThat((double) changed.get(row, p, j)).isCloseTo(expected, within(1e-4));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny"})
  void oneHeadIsChangedInAFewDimensions(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      Values plain = kept(model, z(1));
      int width = plain.shape()[3];
      Values center = random(1, 1, width);
      Values down = random(2, 0.5, width, 2);
      Values up = random(3, 0.5, 2, width);
      Values changed = kept(model, z(1), lowRank(z(1), center, down, up, head(2)));
      for (int p = 0; p < HookedFixture.SHORT.size(); p++) {
        for (int h = 0; h < plain.shape()[2]; h++) {
          for (int j = 0; j < width; j++) {
            double expected = plain.get(1, p, h, j);
            for (int r = 0; h == 2 && r < 2; r++) {
              double low = 0;
              for (int i = 0; i < width; i++) {
                low += (plain.get(1, p, h, i) - center.get(i)) * (double) down.get(i, r);
              }
              expected += low * up.get(r, j);
            }
            assertThat((double) changed.get(1, p, h, j)).isCloseTo(expected, within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void aProjectionIsOfRankOneAndTheIdentityChangesNothing() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      Values direction = random(5, 1, 64);
      double squares = 0;
      for (float c : direction.toArray()) {
        squares += c * c;
      }
      float[] column = direction.toArray();
      for (int i = 0; i < 64; i++) {
        column[i] = (float) (-column[i] / squares);
      }
      Values zero = Values.vector(new float[64]);
      float[] expected = kept(model, residPost(2), projectOut(residPre(1), direction)).toArray();
      float[] own =
          kept(
                  model,
                  residPost(2),
                  lowRank(
                      residPre(1),
                      zero,
                      Values.of(new int[] {64, 1}, column),
                      Values.of(new int[] {1, 64}, direction.toArray())))
              .toArray();
      float[] identity = new float[64 * 64];
      for (int i = 0; i < 64; i++) {
        identity[65 * i] = 1;
      }
      float[] same =
          kept(
                  model,
                  residPost(2),
                  affine(residPre(1), Values.of(new int[] {64, 64}, identity), zero))
              .toArray();
      float[] plain = kept(model, residPost(2)).toArray();
      for (int i = 0; i < 16 * 64; i++) {
        assertThat(own[i]).isCloseTo(expected[i], within(1e-4f));
        assertThat(same[i]).isCloseTo(plain[i], within(1e-5f));
      }
    }
  }

  /** Central differences of the metric along random directions at the embeddings. */
  @Test
  void gradientsPassThrough() {
    try (HookedFixture model = HookedFixture.load("llama-tiny")) {
      Intervention<?>[] edits = {
        affine(residPost(0), random(1, 0.2, 64, 64), random(2, 0.3, 64)),
        lowRank(residPre(2), random(3, 1, 64), random(4, 0.2, 64, 3), random(5, 0.2, 3, 64))
      };
      LogitMetric metric = LogitMetric.logProbability(17);
      Values gradient =
          model
              .run(HookedFixture.PROMPT)
              .with(edits)
              .gradients(metric, embed())
              .gradients()
              .values(embed());
      Values at = model.run(HookedFixture.PROMPT).cache(embed()).execute().cache().values(embed());
      double h = 2e-2;
      for (long seed = 10; seed < 14; seed++) {
        float[] along = random(seed, 1, at.size()).toArray();
        double expected = 0;
        for (int i = 0; i < along.length; i++) {
          along[i] /= (float) Math.sqrt(along.length);
          expected += (double) along[i] * gradient.toArray()[i];
        }
        double[] ends = new double[2];
        for (int side = 0; side < 2; side++) {
          float[] moved = at.toArray();
          for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) ((side == 0 ? h : -h) * along[i]);
          }
          ends[side] =
              model
                  .run(HookedFixture.PROMPT)
                  .with(
                      org.alignment4j.api.hook.Edits.replace(embed(), Values.of(at.shape(), moved)))
                  .with(edits)
                  .measure(metric)
                  .metric()[0];
        }
        assertThat((ends[0] - ends[1]) / (2 * h))
            .isCloseTo(expected, within(2e-3 + 0.02 * Math.abs(expected)));
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      Values vector = Values.vector(new float[8]);
      Values matrix = Values.of(new int[] {8, 8}, new float[64]);
      Edit affine = new Edit.Affine(matrix, vector);
      Edit low =
          new Edit.LowRank(
              vector,
              Values.of(new int[] {8, 2}, new float[16]),
              Values.of(new int[] {2, 8}, new float[16]));
      assertThatThrownBy(
              () -> model.run(HookedFixture.PROMPT).with(List.of(everywhere(residPost(0), affine))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("an affine edit at blocks.0.hook_resid_post")
          .hasMessageContaining("64 coordinates of its last axis but had 8");
      assertThatThrownBy(
              () -> model.run(HookedFixture.PROMPT).with(List.of(everywhere(pattern(0), low))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("an edit of low rank")
          .hasMessageContaining("blocks.0.attn.hook_pattern is key");
    }
  }
}
