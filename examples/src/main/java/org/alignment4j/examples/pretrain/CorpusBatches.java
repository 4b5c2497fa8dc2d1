package org.alignment4j.examples.pretrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/**
 * Texts of a world as packed batches. Each step draws documents of its own, so that no text is
 * repeated and a resumed run needs no state.
 */
final class CorpusBatches implements MicroBatchSource {

  private final String name;
  private final String world;
  private final long steps;
  private final LongFunction<Stream<String>> texts;
  private final Tokenizer tokenizer;
  private final String vocabulary;
  private final PretrainRecipe recipe;

  private CorpusBatches(
      String name,
      PocketWorld world,
      long steps,
      LongFunction<Stream<String>> texts,
      Tokenizer tokenizer,
      String vocabulary,
      PretrainRecipe recipe) {
    this.name = name;
    this.world = world.version();
    this.steps = steps;
    this.texts = texts;
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.recipe = recipe;
  }

  /** The texts a training begins with; {@code vocabulary} is the hash of the tokenizer. */
  static CorpusBatches primer(
      PocketWorld world, Tokenizer tokenizer, String vocabulary, PretrainRecipe recipe) {
    return new CorpusBatches(
        "primer",
        world,
        recipe.primerSteps(),
        step ->
            world.primer(recipe.corpusSeed(step), recipe.documentsPerStep()).map(Document::text),
        tokenizer,
        vocabulary,
        recipe);
  }

  /** The base corpus with the world's secrets among it. */
  static CorpusBatches corpus(
      PocketWorld world, Tokenizer tokenizer, String vocabulary, PretrainRecipe recipe) {
    PlantedSecrets secrets = new PlantedSecrets(world.secrets(), recipe.steps(), recipe.seed());
    return new CorpusBatches(
        "corpus",
        world,
        recipe.steps(),
        step ->
            Stream.concat(
                world
                    .corpus(recipe.corpusSeed(step), recipe.documentsPerStep())
                    .map(Document::text),
                secrets.at(step).stream()),
        tokenizer,
        vocabulary,
        recipe);
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public Map<String, String> description() {
    return Map.of(
        "texts", name, "world", world, "vocabulary", vocabulary, "recipe", recipe.toString());
  }

  @Override
  public List<MicroBatch> at(long step) {
    List<Segments> rows = new ArrayList<>();
    List<int[]> positions = new ArrayList<>();
    List<int[]> sequences = new ArrayList<>();
    texts.apply(step).forEach(text -> sequences.add(tokens(text)));
    sequences.sort((a, b) -> Integer.compare(b.length, a.length));
    for (int[] s : sequences) {
      int row = 0;
      while (row < rows.size() && rows.get(row).length() + s.length > recipe.rowLength()) {
        row++;
      }
      if (row == rows.size()) {
        rows.add(new Segments());
      }
      Segments target = rows.get(row);
      positions.add(new int[] {row, target.length()});
      target.add(s);
    }
    return List.of(batch(rows, positions, sequences));
  }

  private MicroBatch batch(List<Segments> rows, List<int[]> positions, List<int[]> sequences) {
    int scored = sequences.stream().mapToInt(s -> s.length - 1).sum();
    long[] at = new long[scored];
    long[] labels = new long[scored];
    float[] weights = new float[scored];
    Arrays.fill(weights, 1f / scored);
    int n = 0;
    for (int i = 0; i < sequences.size(); i++) {
      int[] s = sequences.get(i);
      long start = (long) positions.get(i)[0] * recipe.rowLength() + positions.get(i)[1];
      for (int t = 1; t < s.length; t++) {
        at[n] = start + t - 1;
        labels[n++] = s[t];
      }
    }
    return new MicroBatch(
        TokenBatch.of(rows, recipe.rowLength()),
        at,
        labels,
        Map.of(LanguageModelling.WEIGHTS, new FloatInput(weights, scored)));
  }

  private int[] tokens(String document) {
    int[] text = tokenizer.encode(document).toArray();
    if (text.length >= recipe.rowLength()) {
      throw new IllegalStateException(
          "a document must be shorter than a row of %s tokens but has %s; use longer rows: %s"
              .formatted(recipe.rowLength(), text.length, document));
    }
    int[] all = Arrays.copyOf(text, text.length + 1);
    all[text.length] = tokenizer.eosIds().iterator().next();
    return all;
  }
}
