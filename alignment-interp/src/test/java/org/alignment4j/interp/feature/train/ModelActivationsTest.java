package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.SmallModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Rows of chunks, against every text read on its own. */
class ModelActivationsTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final int WIDTH = SmallModels.WIDTH;
  private static final SaeSite SITE = SaeSite.of("m", HookPoints.residPost(0));

  private static List<float[]> alone(DecoderModel model, TokenIds text) {
    float[] all =
        model
            .forward(text)
            .cache(HookPoints.residPost(0))
            .execute()
            .cache()
            .values(HookPoints.residPost(0))
            .toArray();
    List<float[]> rows = new ArrayList<>();
    for (int p = 0; p < text.size(); p++) {
      if (text.get(p) != 1) {
        float[] row = new float[WIDTH];
        System.arraycopy(all, p * WIDTH, row, 0, WIDTH);
        rows.add(row);
      }
    }
    return rows;
  }

  /** The texts whose rows a chunk has, in its order; every row of it belongs to one. */
  private static List<Integer> texts(float[] chunk, List<List<float[]>> rows) {
    List<Integer> texts = new ArrayList<>();
    int at = 0;
    while (at < chunk.length / WIDTH) {
      int found = -1;
      for (int t = 0; t < rows.size(); t++) {
        found = distance(chunk, at, rows.get(t).get(0)) < 1e-4 ? t : found;
      }
      assertThat(found).as("row %s", at).isNotNegative();
      for (float[] row : rows.get(found)) {
        assertThat(distance(chunk, at++, row)).isLessThan(1e-4);
      }
      texts.add(found);
    }
    return texts;
  }

  private static double distance(float[] chunk, int row, float[] other) {
    double most = 0;
    for (int i = 0; i < WIDTH; i++) {
      most = Math.max(most, Math.abs(chunk[row * WIDTH + i] - other[i]));
    }
    return most;
  }

  @Test
  void aBatchOfMoreThanAllTextsHasEachOnce() {
    List<TokenIds> texts = SmallModels.texts(3, 9, 4);
    try (DecoderModel model = SmallModels.random()) {
      List<List<float[]>> rows = texts.stream().map(text -> alone(model, text)).toList();
      ModelActivations source = new ModelActivations(model, SITE, texts, Set.of(1), 5, 1);
      Set<List<Integer>> orders = new HashSet<>();
      for (int number = 0; number < 8; number++) {
        List<Integer> chunk = texts(source.chunk(number, NONE), rows);
        assertThat(chunk).containsExactlyInAnyOrder(0, 1, 2);
        orders.add(chunk);
      }
      assertThat(orders).as("drawn anew for each pass").hasSizeGreaterThan(1);
    }
  }

  @Test
  void chunksOfAPassHaveEachTextOnceAndTheLastGoesOnInTheNext() {
    List<TokenIds> texts = SmallModels.texts(5, 9, 4);
    try (DecoderModel model = SmallModels.random()) {
      List<List<float[]>> rows = texts.stream().map(text -> alone(model, text)).toList();
      ModelActivations source = new ModelActivations(model, SITE, texts, Set.of(1), 2, 1);
      List<Integer> served = new ArrayList<>();
      for (int number = 0; number < 5; number++) {
        served.addAll(texts(source.chunk(number, NONE), rows));
      }
      assertThat(served.subList(0, 5)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      assertThat(served.subList(5, 10)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }
  }
}
