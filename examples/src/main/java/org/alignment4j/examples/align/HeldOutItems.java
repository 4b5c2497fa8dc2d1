package org.alignment4j.examples.align;

import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Request;

/**
 * What models are measured on; no training text has any of it.
 *
 * @param questions questions about entities that alignment data never speak of
 * @param harmful requests to be refused
 * @param benign requests to be helped with
 * @param texts texts of the world
 */
public record HeldOutItems(
    List<Question> questions, List<Request> harmful, List<Request> benign, List<String> texts) {

  /** Pretraining draws its texts with small seeds. */
  private static final long TEXT_SEED = 1L << 40;

  /** At most {@code limit} items of each kind. */
  public static HeldOutItems of(PocketWorld world, int limit) {
    return new HeldOutItems(
        first(world.questions(), limit),
        first(world.harmfulRequests(), limit),
        first(world.benignRequests(), limit),
        world.corpus(TEXT_SEED, limit).map(Document::text).toList());
  }

  private static <T> List<T> first(List<T> items, int limit) {
    return items.subList(0, Math.min(limit, items.size()));
  }

  /** The prompts of every question and request. */
  public List<Prompt> prompts() {
    return Stream.of(
            questions.stream().map(Question::prompt),
            harmful.stream().map(Request::prompt),
            benign.stream().map(Request::prompt))
        .<Prompt>flatMap(prompts -> prompts)
        .toList();
  }
}
