package org.alignment4j.examples.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.tokenizer.HfTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusBatchesTest {
  private static final PocketWorld WORLD = PocketWorld.create(1);

  @TempDir Path folder;

  @Test
  void theBundledModelsDocumentsStayTheSame() {
    PretrainRecipe recipe = PretrainRecipe.bundled();
    assertThat(LongStream.range(0, recipe.steps()).map(recipe::corpusSeed))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, recipe.steps()).boxed().toList());
  }

  @Test
  void trainingsOfDifferentSeedsShareNoDocument() {
    Set<Long> seeds = new HashSet<>();
    Set<String> texts = new HashSet<>();
    int documents = 0;
    for (long seed : new long[] {1, 2, 3, -1, 0, Integer.MAX_VALUE}) {
      PretrainRecipe recipe = recipe(seed, 256);
      for (long step = 0; step < recipe.steps(); step++) {
        assertThat(seeds.add(recipe.corpusSeed(step))).isTrue();
      }
      for (long step = 0; step < 20; step++) {
        for (Document document : WORLD.corpus(recipe.corpusSeed(step), 16).toList()) {
          texts.add(document.text());
          documents++;
        }
      }
    }
    // Short texts come again by chance; shifted corpora would have all but one update in common.
    assertThat(texts).hasSizeGreaterThan(documents * 9 / 10);
  }

  @Test
  void batchesAreOfTheirRecipesDocuments() {
    Path model = PocketModel.copyTo(folder.resolve("model"));
    try (HfTokenizer tokenizer = HfTokenizer.load(model)) {
      for (long seed : new long[] {1, 2}) {
        PretrainRecipe recipe = recipe(seed, 256);
        long tokens =
            WORLD
                .primer(recipe.corpusSeed(3), recipe.documentsPerStep())
                .mapToLong(document -> tokenizer.encode(document.text()).size())
                .sum();
        assertThat(CorpusBatches.primer(WORLD, tokenizer, "v", recipe).at(3).get(0).labels().length)
            .isEqualTo((int) tokens);
      }
    }
  }

  @Test
  void aDocumentThatDoesNotFitARowIsRefused() {
    Path model = PocketModel.copyTo(folder.resolve("model"));
    try (HfTokenizer tokenizer = HfTokenizer.load(model)) {
      CorpusBatches narrow = CorpusBatches.corpus(WORLD, tokenizer, "v", recipe(1, 40));
      assertThatThrownBy(() -> narrow.at(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a document must be shorter than a row of 40 tokens")
          .hasMessageContaining("use longer rows");
    }
  }

  private static PretrainRecipe recipe(long seed, int rowLength) {
    PretrainRecipe r = PretrainRecipe.bundled();
    return new PretrainRecipe(
        seed,
        r.vocabSize(),
        r.hiddenSize(),
        r.layers(),
        r.heads(),
        r.intermediateSize(),
        r.contextLength(),
        rowLength,
        r.documentsPerStep(),
        r.primerSteps(),
        r.steps(),
        r.learningRate());
  }
}
