package org.alignment4j.core.journal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;

/**
 * Answers of models by the content of the request, kept for good. What throws is never kept: a
 * failed request is asked again the next time. Thread-safe; when two threads ask for the same
 * answer at once both may call the model, and both get the one that was kept.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ResponseCache implements AutoCloseable {
  private static final CompletionCodec CODEC = new CompletionCodec();

  private final Journal journal;

  private ResponseCache(Journal journal) {
    this.journal = journal;
  }

  /**
   * Opens a cache; keys say everything, so one file serves any models, prompts and options.
   *
   * @throws org.alignment4j.api.RunFolderException if the file has another owner, is no cache, or a
   *     newer version wrote it
   * @throws org.alignment4j.api.DataFormatException if a line is damaged; names the line
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public static ResponseCache open(Path path) {
    return new ResponseCache(Journal.open(path, Map.of("content", "completions")));
  }

  /** The file behind the cache. */
  public Journal journal() {
    return journal;
  }

  /** Returns the answer under a key (see {@link RequestKey}), or empty. */
  public Optional<Completion> get(ContentHash key) {
    return journal.get(key).map(CODEC::decode);
  }

  /**
   * Returns the answer under a key, asking for it when there is none.
   *
   * @param ask gives the answer; what it throws passes through and nothing is kept
   */
  public Completion get(ContentHash key, Supplier<Completion> ask) {
    Optional<Completion> known = get(key);
    return known.isPresent() ? known.get() : keep(key, ask.get());
  }

  private Completion keep(ContentHash key, Completion answer) {
    return journal.put(key, CODEC.encode(answer)) ? answer : get(key).orElse(answer);
  }

  /**
   * Returns a model with the same identity and the same answers that asks {@code model} only for
   * what the cache does not hold. Cached completions carry the usage of the call that made them.
   *
   * <p>A greedy answer depends on its prompt alone, so missing ones are asked for each once. A
   * prompt that occurs several times gets several samples; when one of them is missing, all of that
   * prompt are asked for again, so that each keeps its number, and known answers stay what they
   * were.
   */
  public LanguageModel caching(LanguageModel model) {
    return new RememberingModel(
        model,
        new RememberingModel.Memory() {
          @Override
          public Optional<Completion> recall(RememberingModel.Asked asked) {
            return get(asked.key());
          }

          @Override
          public Completion keep(RememberingModel.Asked asked, Completion answer) {
            return ResponseCache.this.keep(asked.key(), answer);
          }
        });
  }

  @Override
  public void close() {
    journal.close();
  }
}
